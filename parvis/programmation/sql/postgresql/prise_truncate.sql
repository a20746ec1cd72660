-- tables: programmation_decision, programmation_lignededecision
CREATE OR REPLACE FUNCTION {table}_prise_truncate() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'Une décision publiée ne change plus.'
        USING ERRCODE = 'integrity_constraint_violation';
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_prise_truncate ON {table};
-- fin
CREATE TRIGGER {table}_prise_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_prise_truncate();
