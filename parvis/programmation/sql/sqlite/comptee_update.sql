-- tables: programmation_imputation
DROP TRIGGER IF EXISTS {table}_comptee_update;
-- fin
CREATE TRIGGER {table}_comptee_update AFTER UPDATE ON {table}
WHEN NEW.enveloppe_id <> OLD.enveloppe_id
BEGIN
    SELECT RAISE(ABORT, 'Cette demande ne se prend pas sur cette enveloppe.')
    WHERE NOT EXISTS (
        SELECT 1
        FROM dossiers_demande demande
        JOIN dossiers_dossier dossier ON dossier.id = demande.dossier_id
        JOIN dossiers_appel appel ON appel.id = dossier.appel_id
        JOIN programmation_enveloppe enveloppe ON enveloppe.id = NEW.enveloppe_id
        JOIN organismes_organisme sien ON sien.id = demande.financeur_id
        JOIN organismes_organisme le_sien ON le_sien.id = enveloppe.financeur_id
        WHERE demande.id = NEW.demande_id
          AND demande.nature = 'numeraire' AND demande.guichet = 'plateforme'
          AND demande.exercice = enveloppe.exercice AND appel.contrat_id = enveloppe.contrat_id
          AND COALESCE(sien.fusionne_dans_id, sien.id)
            = COALESCE(le_sien.fusionne_dans_id, le_sien.id)
    );
    UPDATE programmation_enveloppe SET montant_vote = montant_vote - COALESCE(
        (SELECT montant_vote FROM dossiers_demande WHERE id = NEW.demande_id), 0
    ) WHERE id = OLD.enveloppe_id;
    UPDATE programmation_enveloppe SET montant_vote = montant_vote + COALESCE(
        (SELECT montant_vote FROM dossiers_demande WHERE id = NEW.demande_id), 0
    ) WHERE id = NEW.enveloppe_id;
    -- « UPDATE OR IGNORE » taisait la contrainte : ce qui n'a pas été compté se refuse ici.
    SELECT RAISE(ABORT, 'L’enveloppe ne peut pas donner autant.')
    FROM programmation_enveloppe enveloppe
    WHERE enveloppe.id IN (OLD.enveloppe_id, NEW.enveloppe_id)
      AND enveloppe.montant_vote <> (
        SELECT COALESCE(SUM(demande.montant_vote), 0)
        FROM programmation_imputation imputation
        JOIN dossiers_demande demande ON demande.id = imputation.demande_id
        WHERE imputation.enveloppe_id = enveloppe.id
    );
END;
