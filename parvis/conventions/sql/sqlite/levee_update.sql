-- tables: conventions_conditionlevee
DROP TRIGGER IF EXISTS {table}_levee_update;
-- fin
CREATE TRIGGER {table}_levee_update BEFORE UPDATE ON {table}
WHEN OLD.annulee_le IS NOT NULL OR NEW.annulee_le IS NULL
    OR NEW.id IS NOT OLD.id
    OR NEW.reponse_id IS NOT OLD.reponse_id
    OR NEW.levee_le IS NOT OLD.levee_le
    OR NEW.levee_par IS NOT OLD.levee_par
    OR NEW.justification IS NOT OLD.justification
    OR NEW.notee_le IS NOT OLD.notee_le
    OR NEW.fichier_id IS NOT OLD.fichier_id
    OR EXISTS (
        SELECT 1 FROM conventions_versement versement
        JOIN conventions_lignedacte ligne ON ligne.acte_id = versement.acte_id
        WHERE ligne.reponse_id = OLD.reponse_id AND versement.annule_le IS NULL
    )
BEGIN
    SELECT RAISE(ABORT, 'Une condition levée ne change plus et ne s’efface pas : elle s’annule, tant que rien n’est versé.');
END;
