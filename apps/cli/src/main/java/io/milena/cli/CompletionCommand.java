package io.milena.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** {@code milena completion}: what the Tab key needs. */
@Command(
        name = "completion",
        description = "Prints a script by which bash and zsh complete the commands and options of milena.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "In ~/.bashrc (zsh: first 'autoload -U +X bashcompinit && bashcompinit' in ~/.zshrc):",
            "  source <(milena completion)"
        })
public final class CompletionCommand implements Callable<Integer> {
    private final Terminal terminal;

    CompletionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.out().println(AutoComplete.bash("milena", MilenaCommand.commandLine(terminal)));
        return 0;
    }
}
