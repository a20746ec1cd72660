-- tables: programmation_imputation
DROP TRIGGER IF EXISTS {table}_remplacee;
-- fin
CREATE TRIGGER {table}_remplacee BEFORE INSERT ON {table}
-- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id OR demande_id = NEW.demande_id)
BEGIN
    SELECT RAISE(ABORT, 'Cette demande se prend déjà sur une enveloppe.');
END;
