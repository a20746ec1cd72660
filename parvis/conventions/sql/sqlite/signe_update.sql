-- tables: conventions_acte
DROP TRIGGER IF EXISTS {table}_signe_update;
-- fin
CREATE TRIGGER {table}_signe_update BEFORE UPDATE ON {table}
WHEN NEW.id <> OLD.id OR NEW.contrat_id <> OLD.contrat_id OR NEW.financeur_id <> OLD.financeur_id
    OR NEW.titulaire_id <> OLD.titulaire_id OR NEW.exercice <> OLD.exercice OR NEW.rang <> OLD.rang
    OR NEW.sorte <> OLD.sorte OR NEW.decision_id <> OLD.decision_id
    OR NEW.modifie_id IS NOT OLD.modifie_id
    OR NEW.faits <> OLD.faits OR NEW.montant <> OLD.montant OR NEW.montant_nature <> OLD.montant_nature
    OR OLD.etat = 'annule'
    -- Notifié, plus rien ne change, sauf l'exemplaire signé revenu après coup.
    OR (OLD.etat = 'notifie' AND (
        OLD.scan_id IS NOT NULL OR NEW.scan_id IS NULL OR NEW.etat <> OLD.etat
        OR NEW.version_id IS NOT OLD.version_id OR NEW.raison <> OLD.raison
        OR NEW.objet <> OLD.objet OR NEW.texte <> OLD.texte OR NEW.pied <> OLD.pied
        OR NEW.prepare_le <> OLD.prepare_le OR NEW.prepare_par <> OLD.prepare_par
        OR NEW.compose_le IS NOT OLD.compose_le OR NEW.fichier_id IS NOT OLD.fichier_id
        OR NEW.signe_le IS NOT OLD.signe_le OR NEW.signe_par <> OLD.signe_par
        OR NEW.notifie_le IS NOT OLD.notifie_le OR NEW.mode <> OLD.mode
        OR NEW.preuve_id IS NOT OLD.preuve_id
    ))
    -- Composé, ce qu'il dit ne change qu'en revenant en préparation ; signé, plus du tout.
    OR (OLD.etat IN ('a_signer', 'signe') AND NEW.etat <> 'prepare' AND (
        NEW.texte <> OLD.texte OR NEW.objet <> OLD.objet OR NEW.pied <> OLD.pied
        OR NEW.fichier_id IS NOT OLD.fichier_id
    ))
    OR (OLD.etat = 'signe' AND (
        NEW.etat NOT IN ('signe', 'notifie', 'annule')
        OR NEW.signe_le IS NOT OLD.signe_le OR NEW.signe_par <> OLD.signe_par
        OR (OLD.scan_id IS NOT NULL AND NEW.scan_id IS NOT OLD.scan_id)
    ))
    OR (OLD.etat NOT IN ('a_signer', 'signe') AND NEW.etat = 'signe')
    OR (OLD.etat NOT IN ('signe', 'notifie') AND NEW.etat = 'notifie')
BEGIN
    SELECT RAISE(ABORT, 'Un acte garde ce qu’il dit et ne saute aucun pas ; notifié, il ne change plus.');
END;
