"""``syntx completion``: what makes a shell complete our commands."""

from __future__ import annotations

import click

VARIABLE = "_SYNTX_COMPLETE"
"""The environment variable a shell asks for completions with."""

# Bash parts words at "=" and ":" too; the line itself is asked about, and what Bash takes for the
# beginning of a word is cut off again. -1 is the last word, 9999 one that has yet to begin.
_BASH = """\
_syntx_completion() {
    local line=${COMP_LINE:0:COMP_POINT} current=${COMP_WORDS[COMP_CWORD]} at=-1 word kind value
    word=${line##*[[:space:]]}
    [[ -n $word ]] || at=9999
    [[ $current == [=:] ]] && current=
    [[ $word == -*=* ]] && word=${word#*=}
    COMPREPLY=()
    while IFS=, read -r kind value; do
        case $kind in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain) COMPREPLY+=("${value#"${word%"$current"}"}") ;;
        esac
    done < <(env COMP_WORDS="$line" COMP_CWORD=$at _SYNTX_COMPLETE=bash_complete "$1" 2>/dev/null)
}

complete -o nosort -F _syntx_completion syntx
"""


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that lets SHELL complete commands, options, job IDs and causes with Tab.

    \b
    bash:  syntx completion bash > ~/.local/share/bash-completion/completions/syntx
    zsh:   syntx completion zsh > DIR/_syntx, where DIR is one of $fpath
    fish:  syntx completion fish > ~/.config/fish/completions/syntx.fish

    A new shell reads it by itself; for a Bash that runs: source <(syntx completion bash)

    Example: syntx completion bash
    """
    click.echo(_script(ctx.find_root().command, shell), nl=False)


def _script(cli: click.Command, shell: str) -> str:
    from click.shell_completion import get_completion_class

    if shell == "bash":
        return _BASH
    found = get_completion_class(shell)
    assert found is not None
    script = found(cli, {}, "syntx", VARIABLE).source()
    # Fish would sort, and cut descriptions off at a comma.
    return script.replace('string split ","', 'string split -m1 ","').replace(
        "complete --no-files", "complete --keep-order --no-files"
    )
