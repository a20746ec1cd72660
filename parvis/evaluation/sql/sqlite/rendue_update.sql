-- tables: evaluation_versiondebilan, evaluation_versiondebilan_fichiers
DROP TRIGGER IF EXISTS {table}_rendue_update;
-- fin
CREATE TRIGGER {table}_rendue_update BEFORE UPDATE ON {table}
BEGIN
    SELECT RAISE(ABORT, 'Un bilan rendu ne change plus.');
END;
