-- tables: programmation_mouvement
DROP TRIGGER IF EXISTS {table}_ajout_seul_insert;
-- fin
CREATE TRIGGER {table}_ajout_seul_insert BEFORE INSERT ON {table}
-- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'Un mouvement ne se modifie pas et ne s’efface pas : notez le mouvement inverse.');
END;
