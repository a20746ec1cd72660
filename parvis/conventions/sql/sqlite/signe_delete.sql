-- tables: conventions_acte
DROP TRIGGER IF EXISTS {table}_signe_delete;
-- fin
CREATE TRIGGER {table}_signe_delete BEFORE DELETE ON {table}
BEGIN
    SELECT RAISE(ABORT, 'Un acte reste au registre : il s’annule, il ne s’efface pas.');
END;
