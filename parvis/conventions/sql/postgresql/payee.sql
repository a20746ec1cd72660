-- tables: conventions_echeance
CREATE OR REPLACE FUNCTION {table}_payee() RETURNS trigger AS $$
BEGIN
    PERFORM 1 FROM conventions_acte
        WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.acte_id ELSE OLD.acte_id END
        FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM conventions_versement
        WHERE annule_le IS NULL
          AND acte_id = CASE WHEN TG_OP = 'INSERT' THEN NEW.acte_id ELSE OLD.acte_id END
    ) THEN
        RAISE EXCEPTION 'Un échéancier ne change plus une fois qu’un versement est noté.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_payee ON {table};
-- fin
CREATE TRIGGER {table}_payee BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_payee();
