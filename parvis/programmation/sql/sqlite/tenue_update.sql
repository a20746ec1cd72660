-- tables: programmation_enveloppe
DROP TRIGGER IF EXISTS {table}_tenue_update;
-- fin
CREATE TRIGGER {table}_tenue_update BEFORE UPDATE ON {table}
BEGIN
    SELECT RAISE(ABORT, 'Une enveloppe reste celle de son financeur, de son exercice et de sa ligne.')
    WHERE NEW.id <> OLD.id OR NEW.contrat_id <> OLD.contrat_id OR NEW.financeur_id <> OLD.financeur_id
       OR NEW.exercice <> OLD.exercice OR NEW.ligne <> OLD.ligne OR NEW.pilier <> OLD.pilier
       OR NEW.commune_id IS NOT OLD.commune_id OR NEW.mere_id IS NOT OLD.mere_id;
    -- Le moteur n'a qu'un écrivain : la somme ne se trompe pas, et nul compteur ne s'en écarte.
    SELECT RAISE(ABORT, 'Les comptes d’une enveloppe ne se touchent pas à la main.')
    WHERE NEW.montant_recu <> (
        SELECT COALESCE(SUM(montant), 0) FROM programmation_mouvement WHERE enveloppe_id = OLD.id
    ) OR NEW.montant_cede <> (
        SELECT COALESCE(SUM(montant), 0) FROM programmation_mouvement WHERE depuis_id = OLD.id
    ) OR NEW.montant_vote <> (
        SELECT COALESCE(SUM(demande.montant_vote), 0)
        FROM programmation_imputation imputation
        JOIN dossiers_demande demande ON demande.id = imputation.demande_id
        WHERE imputation.enveloppe_id = OLD.id
    );
END;
