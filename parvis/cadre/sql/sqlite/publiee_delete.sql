-- tables: cadre_edition
DROP TRIGGER IF EXISTS {table}_publiee_delete;
-- fin
CREATE TRIGGER {table}_publiee_delete BEFORE DELETE ON {table}
WHEN OLD.statut = 'publiee'
BEGIN
    SELECT RAISE(ABORT, 'Une édition publiée ne change plus.');
END;
