-- tables: cadre_declinaison, cadre_renvoi, cadre_constat, cadre_rubriquedefiche, cadre_publicdefiche, cadre_lieudefiche, cadre_typedeprojet, cadre_dispositifdefiche, cadre_partenairedefiche, cadre_versiondefiche, cadre_enjeu, cadre_pilier, cadre_sujethorscontrat
CREATE OR REPLACE FUNCTION {table}_figee() RETURNS trigger AS $$
DECLARE
    touchees bigint[] := ARRAY[]::bigint[];
BEGIN
    IF TG_OP <> 'INSERT' THEN touchees := touchees || OLD.edition_id; END IF;
    IF TG_OP <> 'DELETE' THEN touchees := touchees || NEW.edition_id; END IF;
    -- Le verrou partagé attend une publication en cours : on n'écrit pas dans son dos.
    PERFORM 1 FROM cadre_edition WHERE id = ANY(touchees) FOR SHARE;
    IF EXISTS (SELECT 1 FROM cadre_edition WHERE id = ANY(touchees) AND statut = 'publiee') THEN
        RAISE EXCEPTION 'Une édition publiée ne change plus.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_figee ON {table};
-- fin
CREATE TRIGGER {table}_figee BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_figee();
