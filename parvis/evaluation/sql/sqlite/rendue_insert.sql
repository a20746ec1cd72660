-- tables: evaluation_versiondebilan
DROP TRIGGER IF EXISTS {table}_rendue_insert;
-- fin
CREATE TRIGGER {table}_rendue_insert BEFORE INSERT ON {table}
-- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
WHEN EXISTS (
    SELECT 1 FROM {table}
    WHERE id = NEW.id OR (bilan_id = NEW.bilan_id AND numero = NEW.numero)
)
BEGIN
    SELECT RAISE(ABORT, 'Un bilan rendu ne change plus.');
END;
