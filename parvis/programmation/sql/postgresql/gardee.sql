-- tables: programmation_enveloppe, programmation_imputation
CREATE OR REPLACE FUNCTION {table}_gardee() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'Les enveloppes et ce qui s’y prend ne se vident pas.'
        USING ERRCODE = 'integrity_constraint_violation';
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_gardee ON {table};
-- fin
CREATE TRIGGER {table}_gardee BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_gardee();
