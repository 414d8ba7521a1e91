"""How an item is read into the index, and how a search is read."""

from django.db import migrations

FUNCTIONS = """
-- The stems of a text, and of what its words mean in this field.
CREATE FUNCTION public.nl_vector(said text) RETURNS tsvector LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('public.nl', plain || coalesce((
        SELECT string_agg(' ' || meaning, '') FROM public.netwerk_synonym
        WHERE stems && tsvector_to_array(to_tsvector('public.nl', plain))
    ), '')) FROM public.nl_plain(said) plain
$$;

-- One stem in a search: from four letters on also what begins with it, for Dutch writes compounds as one word.
CREATE FUNCTION public.nl_term(stem text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT '''' || stem || '''' || CASE WHEN length(stem) >= 4 THEN ':*' ELSE '' END
$$;

-- A search: every word of it must be there, as it is or as what it means. Raises nothing, whatever is typed:
-- `nl_plain` leaves only letters and digits.
CREATE FUNCTION public.nl_query(typed text) RETURNS tsquery LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_agg('(' || public.nl_term(stem) || coalesce((
        SELECT string_agg(' | (' || (SELECT string_agg(public.nl_term(each), ' & ') FROM unnest(means) each) || ')', '')
        FROM (SELECT DISTINCT means FROM public.netwerk_synonym WHERE stems[1] = stem AND means <> '{}') own
    ), '') || ')', ' & '), '')::tsquery
    FROM unnest(tsvector_to_array(to_tsvector('public.nl', public.nl_plain(typed)))) stem
$$;

CREATE FUNCTION public.netwerk_index_item(one public.netwerk_item) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    read tsvector := setweight(nl_vector(one.title), 'A') || setweight(nl_vector(one.summary), 'B')
        || setweight(nl_vector(concat_ws(' ', one.body, one.source, one.year)), 'C');
    said tsvector := array_to_tsvector(ARRAY(
        SELECT DISTINCT word
        FROM regexp_split_to_table(nl_plain(concat_ws(' ', one.title, one.summary, one.body)), ' ') word
        WHERE word ~ '^[a-z]{4,60}$'
    ));
BEGIN
    INSERT INTO netwerk_fullindex (item_id, stems, words) VALUES (one.id, read, said)
    ON CONFLICT (item_id) DO UPDATE SET stems = excluded.stems, words = excluded.words;
    INSERT INTO netwerk_fullword (word)
    SELECT word FROM unnest(tsvector_to_array(said)) word
    WHERE NOT EXISTS (SELECT FROM netwerk_fullword known WHERE known.word = word.word)
    ORDER BY word ON CONFLICT DO NOTHING;
    IF one.record_access = 'public' AND one.status = 'published' THEN
        INSERT INTO netwerk_publicindex (item_id, stems, words) VALUES (one.id, read, said)
        ON CONFLICT (item_id) DO UPDATE SET stems = excluded.stems, words = excluded.words;
        INSERT INTO netwerk_publicword (word)
        SELECT word FROM unnest(tsvector_to_array(said)) word
        WHERE NOT EXISTS (SELECT FROM netwerk_publicword known WHERE known.word = word.word)
        ORDER BY word ON CONFLICT DO NOTHING;
    ELSE
        DELETE FROM netwerk_publicindex WHERE item_id = one.id;
    END IF;
END
$$;

CREATE FUNCTION public.netwerk_item_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM netwerk_index_item(NEW);
    RETURN NULL;
END
$$;
CREATE TRIGGER item_index AFTER INSERT OR UPDATE OF title, summary, body, source, year, record_access, status
ON public.netwerk_item FOR EACH ROW EXECUTE FUNCTION public.netwerk_item_changed();

-- Everything anew, and the words that stand nowhere any more away: once our own words have changed.
CREATE FUNCTION public.netwerk_index_all() RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM netwerk_index_item(one) FROM netwerk_item one;
    DELETE FROM netwerk_fullword WHERE NOT EXISTS (
        SELECT FROM (SELECT DISTINCT lexeme FROM netwerk_fullindex, unnest(words)) said WHERE lexeme = word
    );
    DELETE FROM netwerk_publicword WHERE NOT EXISTS (
        SELECT FROM (SELECT DISTINCT lexeme FROM netwerk_publicindex, unnest(words)) said WHERE lexeme = word
    );
END
$$;
SELECT public.netwerk_index_all();
"""
BACK = """
DROP TRIGGER item_index ON public.netwerk_item;
DROP FUNCTION public.netwerk_index_all(), public.netwerk_item_changed(),
    public.netwerk_index_item(public.netwerk_item), public.nl_query(text), public.nl_term(text),
    public.nl_vector(text);
"""


class Migration(migrations.Migration):
    dependencies = [("netwerk", "0003_tables")]
    operations = [migrations.RunSQL(FUNCTIONS, BACK)]
