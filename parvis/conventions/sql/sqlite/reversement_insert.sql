-- tables: conventions_reversement
DROP TRIGGER IF EXISTS {table}_reversement_insert;
-- fin
CREATE TRIGGER {table}_reversement_insert BEFORE INSERT ON {table}
WHEN NEW.recu_le IS NOT NULL OR NEW.abandonne_le IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM conventions_lignedacte
        WHERE acte_id = NEW.acte_id AND demande_id = NEW.demande_id AND vaut AND NOT est_en_nature
    )
    -- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
    OR EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'Un reversement se demande sur une demande que son acte paie, et se reçoit ensuite.');
END;
