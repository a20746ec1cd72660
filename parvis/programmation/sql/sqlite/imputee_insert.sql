-- tables: dossiers_demande
DROP TRIGGER IF EXISTS {table}_imputee_insert;
-- fin
CREATE TRIGGER {table}_imputee_insert BEFORE INSERT ON {table}
-- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
WHEN EXISTS (SELECT 1 FROM programmation_imputation WHERE demande_id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'Une demande prise sur une enveloppe ne se remplace pas.');
END;
