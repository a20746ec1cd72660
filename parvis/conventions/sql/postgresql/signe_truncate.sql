-- tables: conventions_acte, conventions_lignedacte
CREATE OR REPLACE FUNCTION {table}_signe_truncate() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'Un acte reste au registre : il s’annule, il ne s’efface pas.'
        USING ERRCODE = 'integrity_constraint_violation';
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_signe_truncate ON {table};
-- fin
CREATE TRIGGER {table}_signe_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_signe_truncate();
