-- tables: journal_chaine
CREATE OR REPLACE FUNCTION {table}_tete_avance() RETURNS trigger AS $$
BEGIN
    IF NEW.contrat <> OLD.contrat OR NEW.nombre <> OLD.nombre + 1 THEN
        RAISE EXCEPTION 'La chaîne du journal n’avance que d’un événement à la fois.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_tete_avance ON {table};
-- fin
CREATE TRIGGER {table}_tete_avance BEFORE UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_tete_avance();
