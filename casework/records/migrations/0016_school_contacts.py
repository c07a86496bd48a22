"""A school's contact: a role of the authority that opens no record, and the grant that lets them hear."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0015_who_is_on_duty"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="child",
            options={
                "permissions": [
                    ("view_location", "Can see where the child lives"),
                    ("hear_of_absence", "Is told whether the child is back, and no more"),
                ],
                "verbose_name_plural": "children",
            },
        ),
        migrations.RemoveConstraint(
            model_name="membership",
            name="membership_role_fits_organisation",
        ),
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[
                    ("social_worker", "Social worker"),
                    ("duty_worker", "Emergency duty team worker"),
                    ("team_manager", "Team manager"),
                    ("service_manager", "Service manager"),
                    ("head_of_service", "Head of service"),
                    ("assistant_director", "Assistant director"),
                    ("director", "Director of children’s services"),
                    ("return_interviewer", "Return interview worker"),
                    ("reviewing_officer", "Independent reviewing officer"),
                    ("coordinator", "Missing coordinator"),
                    ("performance_officer", "Performance officer"),
                    ("school_contact", "School contact"),
                    ("administrator", "Administrator"),
                    ("home_staff", "Home staff"),
                    ("home_tablet", "Home’s shared tablet"),
                    ("registered_manager", "Registered manager"),
                    ("on_call_manager", "Provider’s on-call manager"),
                    ("police_liaison", "Police liaison"),
                ],
                max_length=24,
            ),
        ),
        migrations.AlterField(
            model_name="membershipevent",
            name="role",
            field=models.CharField(
                choices=[
                    ("social_worker", "Social worker"),
                    ("duty_worker", "Emergency duty team worker"),
                    ("team_manager", "Team manager"),
                    ("service_manager", "Service manager"),
                    ("head_of_service", "Head of service"),
                    ("assistant_director", "Assistant director"),
                    ("director", "Director of children’s services"),
                    ("return_interviewer", "Return interview worker"),
                    ("reviewing_officer", "Independent reviewing officer"),
                    ("coordinator", "Missing coordinator"),
                    ("performance_officer", "Performance officer"),
                    ("school_contact", "School contact"),
                    ("administrator", "Administrator"),
                    ("home_staff", "Home staff"),
                    ("home_tablet", "Home’s shared tablet"),
                    ("registered_manager", "Registered manager"),
                    ("on_call_manager", "Provider’s on-call manager"),
                    ("police_liaison", "Police liaison"),
                ],
                max_length=24,
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("authority__isnull", False),
                        ("home__isnull", True),
                        ("police_force__isnull", True),
                        ("provider__isnull", True),
                        (
                            "role__in",
                            [
                                "administrator",
                                "assistant_director",
                                "coordinator",
                                "director",
                                "duty_worker",
                                "head_of_service",
                                "performance_officer",
                                "return_interviewer",
                                "reviewing_officer",
                                "school_contact",
                                "service_manager",
                                "social_worker",
                                "team_manager",
                            ],
                        ),
                    ),
                    models.Q(
                        ("authority__isnull", True),
                        ("home__isnull", False),
                        ("police_force__isnull", True),
                        ("provider__isnull", True),
                        ("role__in", ["home_staff", "home_tablet"]),
                        ("team__isnull", True),
                    ),
                    models.Q(
                        ("authority__isnull", True),
                        ("home__isnull", True),
                        ("police_force__isnull", True),
                        ("provider__isnull", False),
                        ("role__in", ["on_call_manager", "registered_manager"]),
                        ("team__isnull", True),
                    ),
                    models.Q(
                        ("authority__isnull", True),
                        ("home__isnull", True),
                        ("police_force__isnull", False),
                        ("provider__isnull", True),
                        ("role", "police_liaison"),
                        ("team__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="membership_role_fits_organisation",
            ),
        ),
    ]
