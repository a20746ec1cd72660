-- tables: dossiers_demande
DROP TRIGGER IF EXISTS {table}_imputee;
-- fin
CREATE TRIGGER {table}_imputee AFTER UPDATE ON {table}
WHEN NEW.montant_vote IS NOT OLD.montant_vote
    AND EXISTS (SELECT 1 FROM programmation_imputation WHERE demande_id = NEW.id)
BEGIN
    UPDATE programmation_enveloppe
    SET montant_vote = montant_vote + COALESCE(NEW.montant_vote, 0) - COALESCE(OLD.montant_vote, 0)
    WHERE id = (SELECT enveloppe_id FROM programmation_imputation WHERE demande_id = NEW.id);
    -- « UPDATE OR IGNORE » taisait la contrainte : ce qui n'a pas été compté se refuse ici.
    SELECT RAISE(ABORT, 'L’enveloppe ne peut pas donner autant.')
    FROM programmation_enveloppe enveloppe
    WHERE enveloppe.id = (SELECT enveloppe_id FROM programmation_imputation WHERE demande_id = NEW.id)
      AND enveloppe.montant_vote <> (
        SELECT COALESCE(SUM(demande.montant_vote), 0)
        FROM programmation_imputation imputation
        JOIN dossiers_demande demande ON demande.id = imputation.demande_id
        WHERE imputation.enveloppe_id = enveloppe.id
    );
END;
