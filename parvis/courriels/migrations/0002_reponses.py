
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courriels', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='courriel',
            name='courriels_sujet_connu',
        ),
        migrations.RemoveConstraint(
            model_name='preference',
            name='courriels_preference_sujet_connu',
        ),
        migrations.AlterField(
            model_name='courriel',
            name='sujet',
            field=models.CharField(choices=[('securite', 'Sécurité de votre compte'), ('invitation', 'Invitations'), ('reponse', 'Réponses à vos demandes'), ('rattachement', 'Arrivées, départs et demandes dans votre organisme'), ('organisme', 'Changements de la fiche de votre organisme'), ('plateforme', 'Tenue de la plateforme'), ('resume', 'Résumé du jour')], max_length=20, verbose_name='sujet'),
        ),
        migrations.AlterField(
            model_name='preference',
            name='sujet',
            field=models.CharField(choices=[('securite', 'Sécurité de votre compte'), ('invitation', 'Invitations'), ('reponse', 'Réponses à vos demandes'), ('rattachement', 'Arrivées, départs et demandes dans votre organisme'), ('organisme', 'Changements de la fiche de votre organisme'), ('plateforme', 'Tenue de la plateforme'), ('resume', 'Résumé du jour')], max_length=20, verbose_name='sujet'),
        ),
        migrations.AddConstraint(
            model_name='courriel',
            constraint=models.CheckConstraint(condition=models.Q(('sujet__in', ['securite', 'invitation', 'reponse', 'rattachement', 'organisme', 'plateforme', 'resume'])), name='courriels_sujet_connu'),
        ),
        migrations.AddConstraint(
            model_name='preference',
            constraint=models.CheckConstraint(condition=models.Q(('sujet__in', ['securite', 'invitation', 'reponse', 'rattachement', 'organisme', 'plateforme', 'resume'])), name='courriels_preference_sujet_connu'),
        ),
    ]
