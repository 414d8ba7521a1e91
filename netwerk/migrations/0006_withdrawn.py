from django.db import migrations

# The public zone reads published rows only (weerbaar/audit/grants.py). Of what was public and is withdrawn it
# may tell title, reason and moment to who has the address; so this runs as the owner.
CREATE = """
CREATE FUNCTION netwerk_withdrawn(asked text)
RETURNS TABLE (title varchar, because varchar, at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT title, withdrawn_because, withdrawn_at FROM netwerk_item
    WHERE slug = asked AND status = 'withdrawn' AND record_access = 'public' AND published_at <= withdrawn_at
$$
"""


class Migration(migrations.Migration):
    dependencies = [("netwerk", "0005_vocabulary")]
    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION netwerk_withdrawn(text)")]
