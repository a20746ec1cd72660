-- tables: journal_details
CREATE OR REPLACE FUNCTION {table}_details() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'Les détails d’un acte s’effacent, mais ne se modifient pas et ne se vident pas.'
        USING ERRCODE = 'integrity_constraint_violation';
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_details ON {table};
-- fin
CREATE TRIGGER {table}_details BEFORE UPDATE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_details();
