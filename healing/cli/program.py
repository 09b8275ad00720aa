"""How every command ends that cannot do its work: in one line."""

from __future__ import annotations

from typing import Any

import click

from healing.errors import ConfigurationError, HealingError


class WrongSetting(click.ClickException):
    """Unlike click's UsageError it prints no usage: the command line may well be right."""

    exit_code = 2


class Program(click.Group):
    """Healing's own errors end in one line and exit code 1; wrong settings, as wrong usage, in exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ConfigurationError as error:
            raise WrongSetting(str(error)) from error
        except HealingError as error:
            raise click.ClickException(str(error)) from error
