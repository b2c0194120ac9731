package io.milena.log.journal;

/**
 * How large a journal may become, and when there is one.
 *
 * @param fileBytes of one file; a multiple of 4,096
 * @param filesMax 0 for no journal at all
 * @param afterForces how often logs are forced before there is one: a broker that is asked for little needs none; 0 for all files from the start
 * @param largeBytes who brings so much for one round, and a sixteenth of it in each log on average, has it forced in the files of the logs; who brings a quarter of it for one log only, too
 */
public record JournalSettings(int fileBytes, int filesMax, int afterForces, int largeBytes) {
    public static final JournalSettings NONE = new JournalSettings(0, 0, 0);

    /** Less than a full request of Apache's producer, 1 MiB; docs/decisions/0008 has the measurements. */
    private static final int LARGE_BYTES = 768 << 10;

    private static final int FILES = 16;
    private static final int FILE_BYTES_MIN = 1 << 16;
    private static final int FILE_BYTES_MAX = 1 << 24;
    private static final int BYTES_PER_FORCE = 1 << 15;

    public JournalSettings(int fileBytes, int filesMax, int afterForces) {
        this(fileBytes, filesMax, afterForces, LARGE_BYTES);
    }

    /** For {@code milena.journal.bytes}: sixteen files or, if they would be larger than 16 MiB or smaller than 64 KiB, as many as there is room for. */
    public static JournalSettings of(long bytesMax) {
        int fileBytes = Math.clamp(bytesMax / FILES, FILE_BYTES_MIN, FILE_BYTES_MAX) & -Round.BLOCK_BYTES;
        int files = (int) Math.min(bytesMax / fileBytes, Integer.MAX_VALUE);
        return new JournalSettings(fileBytes, files, fileBytes / BYTES_PER_FORCE);
    }
}
