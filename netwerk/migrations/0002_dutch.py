"""How Dutch texts are read for searching. The functions that know our own words follow in 0004."""

from django.db import migrations

CONFIGURATION = """
CREATE TEXT SEARCH CONFIGURATION public.nl (COPY = pg_catalog.dutch);
ALTER TEXT SEARCH CONFIGURATION public.nl
    ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, pg_catalog.dutch_stem;

-- Lower case, no accents, nothing but letters and digits: what is typed and what is stored meet in this form
-- ("29279-899" is two numbers and not one below zero, "online-haat" is two words).
CREATE FUNCTION public.nl_plain(said text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT lower(regexp_replace(public.unaccent('public.unaccent', coalesce(said, '')), '[^[:alnum:]]+', ' ', 'g'))
$$;
"""
BACK = "DROP FUNCTION public.nl_plain(text); DROP TEXT SEARCH CONFIGURATION public.nl"


class Migration(migrations.Migration):
    dependencies = [("netwerk", "0001_extensions")]
    operations = [migrations.RunSQL(CONFIGURATION, BACK)]
