-- tables: dossiers_lignedappel, dossiers_financeurdappel, dossiers_fichedappel, dossiers_piecedappel, dossiers_questiondappel, dossiers_criteredappel
CREATE OR REPLACE FUNCTION {table}_figee() RETURNS trigger AS $$
DECLARE
    touchees bigint[] := ARRAY[]::bigint[];
BEGIN
    IF TG_OP <> 'INSERT' THEN touchees := touchees || OLD.version_id; END IF;
    IF TG_OP <> 'DELETE' THEN touchees := touchees || NEW.version_id; END IF;
    -- Le verrou partagé attend une publication en cours : on n'écrit pas dans son dos.
    PERFORM 1 FROM dossiers_versiondappel WHERE id = ANY(touchees) FOR SHARE;
    IF EXISTS (SELECT 1 FROM dossiers_versiondappel WHERE id = ANY(touchees) AND etat = 'publiee') THEN
        RAISE EXCEPTION 'Une version publiée d’un appel ne change plus.'
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
