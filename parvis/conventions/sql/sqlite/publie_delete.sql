-- tables: conventions_versiondemodele
DROP TRIGGER IF EXISTS {table}_publie_delete;
-- fin
CREATE TRIGGER {table}_publie_delete BEFORE DELETE ON {table}
WHEN OLD.publiee_le IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'Une version publiée d’un modèle ne change plus.');
END;
