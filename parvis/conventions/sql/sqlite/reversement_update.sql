-- tables: conventions_reversement
DROP TRIGGER IF EXISTS {table}_reversement_update;
-- fin
CREATE TRIGGER {table}_reversement_update BEFORE UPDATE ON {table}
WHEN OLD.abandonne_le IS NOT NULL
    -- Reçu, seule sa réception s'annule ; cela ne se note qu'alors.
    OR (OLD.recu_le IS NOT NULL AND (
        NEW.recu_le IS NOT NULL OR NEW.abandonne_le IS NOT NULL
        OR NEW.reception_annulee_le IS NULL OR NEW.reception_annulee_le IS OLD.reception_annulee_le
    ))
    OR (OLD.recu_le IS NULL AND (
        NEW.reception_annulee_le IS NOT OLD.reception_annulee_le
        OR NEW.reception_annulee_par IS NOT OLD.reception_annulee_par
        OR NEW.motif_d_annulation IS NOT OLD.motif_d_annulation
    ))
    OR NEW.id IS NOT OLD.id
    OR NEW.acte_id IS NOT OLD.acte_id
    OR NEW.demande_id IS NOT OLD.demande_id
    OR NEW.retrait_id IS NOT OLD.retrait_id
    OR NEW.montant IS NOT OLD.montant
    OR NEW.motif IS NOT OLD.motif
    OR NEW.demande_le IS NOT OLD.demande_le
    OR NEW.avant_le IS NOT OLD.avant_le
    OR NEW.demande_par IS NOT OLD.demande_par
BEGIN
    SELECT RAISE(ABORT, 'Un reversement reçu ou abandonné ne change plus, et aucun ne s’efface.');
END;
