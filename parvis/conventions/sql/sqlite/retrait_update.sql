-- tables: conventions_retrait
DROP TRIGGER IF EXISTS {table}_retrait_update;
-- fin
CREATE TRIGGER {table}_retrait_update BEFORE UPDATE ON {table}
WHEN OLD.etat <> 'a_entendre'
    OR NEW.id IS NOT OLD.id
    OR NEW.acte_id IS NOT OLD.acte_id
    OR NEW.motif IS NOT OLD.motif
    OR NEW.manquement_le IS NOT OLD.manquement_le
    OR NEW.debut_le IS NOT OLD.debut_le
    OR NEW.fin_le IS NOT OLD.fin_le
    OR NEW.observations_demandees_le IS NOT OLD.observations_demandees_le
    OR NEW.repondre_avant_le IS NOT OLD.repondre_avant_le
    OR NEW.demandees_par IS NOT OLD.demandees_par
    -- Ce que l'organisme a répondu ici, personne ne le change.
    OR (OLD.repondu_le IS NOT NULL AND (
        NEW.reponse IS NOT OLD.reponse
        OR NEW.repondu_le IS NOT OLD.repondu_le
        OR NEW.repondu_par IS NOT OLD.repondu_par
        OR NEW.reponse_jointe_id IS NOT OLD.reponse_jointe_id
    ))
BEGIN
    SELECT RAISE(ABORT, 'Un retrait décidé ou abandonné ne change plus, et aucun ne s’efface.');
END;
