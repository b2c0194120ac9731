package io.milena.broker;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many files this process may have open, as Linux says it ({@code ulimit -n}); segment files may take half of that, because connections need some too. */
final class OpenFileLimit {
    private static final System.Logger LOG = System.getLogger(OpenFileLimit.class.getName());
    private static final Pattern LINE = Pattern.compile("(?m)^Max open files +(\\d{1,9}) ");
    /** The least that {@code milena.open.files.max} may be. */
    private static final int FILES_MIN = 16;

    private final Path limits;

    OpenFileLimit(Path limits) {
        this.limits = limits;
    }

    static OpenFileLimit ofThisProcess() {
        return new OpenFileLimit(Path.of("/proc/self/limits"));
    }

    /** As many of {@code milena.open.files.max}, which is meant for each data directory, as there is room for; says so when it is fewer. */
    int bounded(int filesMax, int directories) {
        int room = Math.max(FILES_MIN, processMax() / 2 / directories);
        if (filesMax <= room) {
            return filesMax;
        }
        LOG.log(
                Level.WARNING,
                "This process may open {0} files, so that {1} segment files stay open instead of {2} (milena.open.files.max)",
                Integer.toString(processMax()),
                Integer.toString(room),
                Integer.toString(filesMax));
        return room;
    }

    private int processMax() {
        try {
            Matcher line = LINE.matcher(Files.exists(limits) ? Files.readString(limits) : "");
            return line.find() ? Integer.parseInt(line.group(1)) : Integer.MAX_VALUE;
        } catch (IOException e) {
            return Integer.MAX_VALUE;
        }
    }
}
