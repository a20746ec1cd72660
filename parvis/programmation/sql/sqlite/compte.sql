-- tables: programmation_mouvement
DROP TRIGGER IF EXISTS {table}_compte;
-- fin
CREATE TRIGGER {table}_compte AFTER INSERT ON {table}
BEGIN
    SELECT RAISE(ABORT, 'Ce mouvement ne va pas de cette enveloppe à cette autre.')
    WHERE NOT EXISTS (
        SELECT 1
        FROM programmation_enveloppe vers
        LEFT JOIN programmation_enveloppe de ON de.id = NEW.depuis_id
        LEFT JOIN organismes_organisme le_sien ON le_sien.id = vers.financeur_id
        LEFT JOIN organismes_organisme l_autre ON l_autre.id = de.financeur_id
        WHERE vers.id = NEW.enveloppe_id AND CASE NEW.sorte
            WHEN 'dotation' THEN vers.mere_id IS NULL
            WHEN 'delegation' THEN vers.mere_id = de.id
            WHEN 'report' THEN vers.exercice > de.exercice AND vers.contrat_id = de.contrat_id
                AND COALESCE(le_sien.fusionne_dans_id, le_sien.id)
                  = COALESCE(l_autre.fusionne_dans_id, l_autre.id)
        END
    );
    UPDATE programmation_enveloppe SET montant_recu = montant_recu + NEW.montant
        WHERE id = NEW.enveloppe_id;
    UPDATE programmation_enveloppe SET montant_cede = montant_cede + NEW.montant
        WHERE id = NEW.depuis_id;
    -- « INSERT OR IGNORE » taisait la contrainte : ce qui n'a pas été compté se refuse ici.
    SELECT RAISE(ABORT, 'L’enveloppe ne peut pas donner autant.')
    FROM programmation_enveloppe enveloppe
    WHERE enveloppe.id IN (NEW.enveloppe_id, NEW.depuis_id) AND (
        enveloppe.montant_recu <> (
            SELECT COALESCE(SUM(montant), 0) FROM {table} WHERE enveloppe_id = enveloppe.id
        ) OR enveloppe.montant_cede <> (
            SELECT COALESCE(SUM(montant), 0) FROM {table} WHERE depuis_id = enveloppe.id
        )
    );
END;
