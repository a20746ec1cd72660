-- tables: programmation_mouvement
-- Après l'insertion : une ligne que l'insertion écarte (ON CONFLICT) ne se compte pas.
CREATE OR REPLACE FUNCTION {table}_compte() RETURNS trigger AS $$
DECLARE
    vers programmation_enveloppe%ROWTYPE;
    de programmation_enveloppe%ROWTYPE;
BEGIN
    -- Toujours dans l'ordre des identifiants : deux mouvements croisés ne s'attendent pas l'un l'autre.
    PERFORM 1 FROM programmation_enveloppe WHERE id IN (NEW.enveloppe_id, NEW.depuis_id)
        ORDER BY id FOR NO KEY UPDATE;
    SELECT * INTO vers FROM programmation_enveloppe WHERE id = NEW.enveloppe_id;
    SELECT * INTO de FROM programmation_enveloppe WHERE id = NEW.depuis_id;
    IF NOT COALESCE(CASE NEW.sorte
        WHEN 'dotation' THEN vers.mere_id IS NULL
        WHEN 'delegation' THEN vers.mere_id = de.id
        WHEN 'report' THEN vers.exercice > de.exercice AND vers.contrat_id = de.contrat_id
            AND (SELECT COALESCE(fusionne_dans_id, id) FROM organismes_organisme WHERE id = vers.financeur_id)
              = (SELECT COALESCE(fusionne_dans_id, id) FROM organismes_organisme WHERE id = de.financeur_id)
    END, FALSE) THEN
        RAISE EXCEPTION 'Ce mouvement ne va pas de cette enveloppe à cette autre.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE programmation_enveloppe SET montant_recu = montant_recu + NEW.montant
        WHERE id = NEW.enveloppe_id;
    UPDATE programmation_enveloppe SET montant_cede = montant_cede + NEW.montant
        WHERE id = NEW.depuis_id;
    RETURN NULL;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_compte ON {table};
-- fin
CREATE TRIGGER {table}_compte AFTER INSERT ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_compte();
