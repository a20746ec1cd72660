

import django.db.models.deletion
import django.db.models.functions.text
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comptes', '0001_initial'),
        ('organismes', '0002_identite_et_doublons'),
    ]

    operations = [
        migrations.CreateModel(
            name='CodeDOrganisme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('empreinte', models.CharField(max_length=128, verbose_name='empreinte du code')),
                ('envoye_le', models.DateTimeField(verbose_name='envoyé le')),
                ('expire_le', models.DateTimeField(verbose_name='expire le')),
                ('essais', models.PositiveSmallIntegerField(default=0, verbose_name='essais')),
                ('utilise_le', models.DateTimeField(blank=True, null=True, verbose_name='utilisé le')),
                ('rattachement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codes_envoyes', to='comptes.rattachement')),
            ],
            options={
                'verbose_name': 'code envoyé à un organisme',
                'verbose_name_plural': 'codes envoyés aux organismes',
                'ordering': ['-envoye_le', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('expire_le__gt', models.F('envoye_le'))), name='comptes_code_ordonne')],
            },
        ),
        migrations.CreateModel(
            name='EnvoiGarde',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('identifiant', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant')),
                ('adresse', models.CharField(max_length=500, verbose_name='adresse du formulaire')),
                ('contenu', models.TextField(verbose_name='texte chiffré')),
                ('garde_le', models.DateTimeField(verbose_name='gardé le')),
                ('expire_le', models.DateTimeField(verbose_name='expire le')),
                ('rattachement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='comptes.rattachement')),
                ('utilisateur', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='envois_gardes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'envoi gardé',
                'verbose_name_plural': 'envois gardés',
                'ordering': ['-garde_le', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('expire_le__gt', models.F('garde_le'))), name='comptes_envoi_ordonne')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('courriel', models.EmailField(max_length=254, verbose_name='adresse invitée')),
                ('role', models.CharField(choices=[('gestionnaire', 'Gestionnaire'), ('contributeur', 'Contributeur'), ('signataire', 'Signataire'), ('instructeur', 'Instructeur'), ('lecteur', 'Lecteur'), ('pilote', 'Pilote du contrat'), ('administrateur', 'Administrateur de la plateforme'), ('elu', 'Élu'), ('delegue_du_prefet', 'Délégué du préfet'), ('conseiller_citoyen', 'Conseiller citoyen'), ('expert', 'Expert')], max_length=20, verbose_name='rôle')),
                ('contrat', models.CharField(blank=True, max_length=80, verbose_name='contrat')),
                ('fin_le', models.DateField(blank=True, null=True, verbose_name='rôle donné jusqu’au')),
                ('empreinte', models.CharField(max_length=64, unique=True, verbose_name='empreinte du jeton')),
                ('etat', models.CharField(choices=[('envoyee', 'Envoyée'), ('acceptee', 'Acceptée'), ('declinee', 'Déclinée'), ('annulee', 'Annulée')], default='envoyee', max_length=12, verbose_name='état')),
                ('cree_le', models.DateTimeField(verbose_name='créée le')),
                ('expire_le', models.DateTimeField(verbose_name='expire le')),
                ('close_le', models.DateTimeField(blank=True, null=True, verbose_name='close le')),
                ('invite_par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations_envoyees', to='comptes.rattachement')),
                ('organisme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='organismes.organisme')),
            ],
            options={
                'verbose_name': 'invitation',
                'ordering': ['-cree_le', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('courriel', django.db.models.functions.text.Lower('courriel'))), name='comptes_invitation_minuscule'), models.CheckConstraint(condition=models.Q(('role__in', ['gestionnaire', 'contributeur', 'signataire', 'instructeur', 'lecteur', 'pilote', 'administrateur', 'elu', 'delegue_du_prefet', 'conseiller_citoyen', 'expert'])), name='comptes_invitation_role_connu'), models.CheckConstraint(condition=models.Q(('expire_le__gt', models.F('cree_le'))), name='comptes_invitation_ordonnee'), models.CheckConstraint(condition=models.Q(models.Q(('close_le__isnull', True), ('etat', 'envoyee')), models.Q(('etat__in', ['envoyee', 'acceptee', 'declinee', 'annulee']), models.Q(('etat', 'envoyee'), _negated=True), ('close_le__isnull', False)), _connector='OR'), name='comptes_invitation_close_et_datee', violation_error_message='Une invitation close porte sa date, et elle seule.'), models.UniqueConstraint(condition=models.Q(('etat', 'envoyee')), fields=('organisme', 'courriel', 'role', 'contrat'), name='comptes_une_invitation_ouverte', violation_error_message='Cette adresse est déjà invitée à ce rôle.')],
            },
        ),
        migrations.AlterModelOptions(
            name='rattachement',
            options={'ordering': ['utilisateur', 'debut_le', 'pk'], 'verbose_name': 'rattachement'},
        ),
        migrations.RemoveConstraint(
            model_name='rattachement',
            name='comptes_un_rattachement_ouvert_par_role',
        ),
        migrations.AddField(
            model_name='rattachement',
            name='clos_le',
            field=models.DateTimeField(blank=True, null=True, verbose_name='clos le'),
        ),
        migrations.AddField(
            model_name='rattachement',
            name='confirme_le',
            field=models.DateTimeField(blank=True, null=True, verbose_name='confirmé le'),
        ),
        migrations.AddField(
            model_name='rattachement',
            name='contrat',
            field=models.CharField(blank=True, max_length=80, verbose_name='contrat'),
        ),
        migrations.AddField(
            model_name='rattachement',
            name='etat',
            field=models.CharField(choices=[('en_attente', 'En attente'), ('confirme', 'Confirmé'), ('refuse', 'Refusé'), ('termine', 'Terminé')], default='confirme', max_length=12, verbose_name='état'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='rattachement',
            name='precision',
            field=models.CharField(blank=True, max_length=300, verbose_name='précision sur la preuve'),
        ),
        migrations.AddField(
            model_name='rattachement',
            name='preuve',
            field=models.CharField(blank=True, choices=[('creation', 'a créé la page de l’organisme'), ('invitation', 'invitation d’un gestionnaire'), ('gestionnaire', 'accord d’un gestionnaire'), ('code', 'code reçu à l’adresse de l’organisme'), ('piece', 'pièce vue par le pilote'), ('nomination', 'nomination')], max_length=12, verbose_name='preuve'),
        ),
        migrations.AddConstraint(
            model_name='rattachement',
            constraint=models.CheckConstraint(condition=models.Q(('etat__in', ['en_attente', 'confirme', 'refuse', 'termine'])), name='comptes_etat_connu'),
        ),
        migrations.AddConstraint(
            model_name='rattachement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('role__in', ['pilote', 'elu', 'delegue_du_prefet', 'conseiller_citoyen', 'expert']), models.Q(('contrat', ''), _negated=True)), models.Q(models.Q(('role__in', ['pilote', 'elu', 'delegue_du_prefet', 'conseiller_citoyen', 'expert']), _negated=True), ('contrat', '')), _connector='OR'), name='comptes_contrat_du_role', violation_error_message='Ce rôle vaut pour un contrat de ville, et lui seul.'),
        ),
        migrations.AddConstraint(
            model_name='rattachement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirme_le__isnull', False), ('etat', 'confirme')), ('etat', 'termine'), models.Q(('confirme_le__isnull', True), ('etat__in', ['en_attente', 'refuse'])), _connector='OR'), name='comptes_confirme_et_date', violation_error_message='Un rattachement confirmé porte la date de sa confirmation.'),
        ),
        migrations.AddConstraint(
            model_name='rattachement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirme_le__isnull', True), ('preuve', '')), models.Q(('confirme_le__isnull', False), models.Q(('preuve', ''), _negated=True)), _connector='OR'), name='comptes_confirme_et_prouve', violation_error_message='Une confirmation dit sur quelle preuve elle repose.'),
        ),
        migrations.AddConstraint(
            model_name='rattachement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('clos_le__isnull', True), ('etat__in', ['en_attente', 'confirme'])), models.Q(models.Q(('etat__in', ['en_attente', 'confirme']), _negated=True), ('clos_le__isnull', False)), _connector='OR'), name='comptes_clos_et_date', violation_error_message='Un rattachement clos porte la date de sa fin.'),
        ),
        migrations.AddConstraint(
            model_name='rattachement',
            constraint=models.UniqueConstraint(condition=models.Q(('etat__in', ['en_attente', 'confirme']), ('fin_le__isnull', True)), fields=('utilisateur', 'organisme', 'role', 'contrat'), name='comptes_un_rattachement_ouvert_par_role', violation_error_message='Cette personne a déjà ce rôle dans cet organisme.'),
        ),
    ]
