-- tables: dossiers_versiondeposee
DROP TRIGGER IF EXISTS {table}_deposee_insert;
-- fin
CREATE TRIGGER {table}_deposee_insert BEFORE INSERT ON {table}
-- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
WHEN EXISTS (
    SELECT 1 FROM {table}
    WHERE id = NEW.id OR (dossier_id = NEW.dossier_id AND numero = NEW.numero)
)
BEGIN
    SELECT RAISE(ABORT, 'Un dossier déposé ne change plus.');
END;
