-- tables: dossiers_versiondeposee, dossiers_versiondeposee_fichiers
DROP TRIGGER IF EXISTS {table}_deposee_delete;
-- fin
CREATE TRIGGER {table}_deposee_delete BEFORE DELETE ON {table}
BEGIN
    SELECT RAISE(ABORT, 'Un dossier déposé ne change plus.');
END;
