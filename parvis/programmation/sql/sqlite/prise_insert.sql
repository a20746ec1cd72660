-- tables: programmation_decision
DROP TRIGGER IF EXISTS {table}_prise_insert;
-- fin
CREATE TRIGGER {table}_prise_insert BEFORE INSERT ON {table}
-- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
WHEN EXISTS (
    SELECT 1 FROM {table}
    WHERE publiee_le IS NOT NULL
      AND (
        id = NEW.id
        OR (
            NEW.numero <> '' AND contrat_id = NEW.contrat_id AND financeur_id = NEW.financeur_id
            AND sorte = NEW.sorte AND numero = NEW.numero
        )
    )
)
BEGIN
    SELECT RAISE(ABORT, 'Une décision publiée ne change plus.');
END;
