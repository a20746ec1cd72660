-- tables: programmation_decision
CREATE OR REPLACE FUNCTION {table}_prise() RETURNS trigger AS $$
BEGIN
    IF OLD.publiee_le IS NOT NULL THEN
        RAISE EXCEPTION 'Une décision publiée ne change plus.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_prise ON {table};
-- fin
CREATE TRIGGER {table}_prise BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_prise();
