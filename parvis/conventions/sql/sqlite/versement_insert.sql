-- tables: conventions_versement
DROP TRIGGER IF EXISTS {table}_versement_insert;
-- fin
CREATE TRIGGER {table}_versement_insert BEFORE INSERT ON {table}
BEGIN
    SELECT RAISE(ABORT, 'Un versement se note sur un acte notifié, sans retrait, clôture ni condition qui reste à lever, jamais deux fois.')
    WHERE (NOT EXISTS (
        SELECT 1 FROM conventions_acte acte
        WHERE acte.id = NEW.acte_id AND acte.etat = 'notifie' AND acte.notifie_le <= NEW.verse_le
          AND acte.financeur_id = NEW.financeur_id
    ) OR EXISTS (
        SELECT 1 FROM conventions_retrait
        WHERE etat = 'decide' AND acte_id IN (
            NEW.acte_id, (SELECT modifie_id FROM conventions_acte WHERE id = NEW.acte_id)
        )
    ) OR EXISTS (
        SELECT 1 FROM conventions_cloture WHERE acte_id = NEW.acte_id
    ) OR EXISTS (
        SELECT 1 FROM conventions_lignedacte ligne
        JOIN programmation_lignededecision reponse ON reponse.id = ligne.reponse_id
        WHERE ligne.acte_id = NEW.acte_id AND reponse.condition <> ''
          AND NOT EXISTS (
            SELECT 1 FROM conventions_conditionlevee
            WHERE reponse_id = reponse.id AND annulee_le IS NULL
          )
    ) OR (NEW.echeance_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM conventions_echeance echeance
        WHERE echeance.id = NEW.echeance_id AND echeance.acte_id = NEW.acte_id
          AND echeance.montant >= NEW.montant + COALESCE((
            SELECT SUM(montant) FROM conventions_versement
            WHERE echeance_id = NEW.echeance_id AND annule_le IS NULL
          ), 0)
    )) OR NEW.annule_le IS NOT NULL
    );
    SELECT RAISE(ABORT, 'Un versement se note avant ses parts, qui font ensuite sa somme.')
    WHERE NEW.derniere_part_id IS NOT 0;
    -- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
    SELECT RAISE(ABORT, 'Un versement ne se corrige pas et ne s’efface pas : il s’annule, une fois.')
    WHERE EXISTS (
        SELECT 1 FROM {table}
        WHERE id = NEW.id OR (
            annule_le IS NULL AND numero_d_ordre <> '' AND numero_d_ordre = NEW.numero_d_ordre
            AND financeur_id = NEW.financeur_id AND exercice = NEW.exercice
        )
    );
END;
