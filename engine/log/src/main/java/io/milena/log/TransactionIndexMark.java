package io.milena.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.milena.log.disk.Checkpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * What a log has noted about a transaction index, so that its loss is noticed: how many entries it had at least, and their checksum. The format of the index has neither, and that there is no
 * file may also mean that nothing was aborted. A mark that is lost vouches for nothing; one that is wrong has the index made anew from the batches. So neither does harm, and none is forced
 * before the next checkpoint.
 *
 * <pre>
 * transaction-index-checkpoint   lines: "0", the count, "base-offset entries checksum"
 * </pre>
 */
record TransactionIndexMark(int entries, int checksum) {
    private static final String FILE = "transaction-index-checkpoint";
    private static final Pattern LINE = Pattern.compile("[0-9]{1,18} [0-9]{1,9} [0-9]{1,10}");

    /** @param index the bytes of entries */
    static TransactionIndexMark of(int entries, ByteBuffer index) {
        CRC32C crc = new CRC32C();
        crc.update(index);
        return new TransactionIndexMark(entries, (int) crc.getValue());
    }

    static Path file(Path directory) {
        return directory.resolve(FILE);
    }

    /** Those of the segments of a log, by base offset; lines that cannot be read are left out. */
    static Map<Long, TransactionIndexMark> read(PartitionFiles files) throws IOException {
        Map<Long, TransactionIndexMark> marks = new TreeMap<>();
        if (files.has(FILE)) {
            for (String line : new String(Files.readAllBytes(file(files.directory())), US_ASCII).split("\n")) {
                if (LINE.matcher(line).matches()) {
                    String[] fields = line.split(" ");
                    int checksum = (int) Long.parseLong(fields[2]);
                    marks.put(
                            Long.parseLong(fields[0]), new TransactionIndexMark(Integer.parseInt(fields[1]), checksum));
                }
            }
        }
        return marks;
    }

    /** Writes the file, without forcing it. */
    static void write(Path directory, Map<Long, TransactionIndexMark> marks) throws IOException {
        StringBuilder text = new StringBuilder("0\n").append(marks.size()).append('\n');
        marks.forEach((base, mark) -> text.append(base)
                .append(' ')
                .append(mark.entries)
                .append(' ')
                .append(Integer.toUnsignedLong(mark.checksum))
                .append('\n'));
        Checkpoint.write(file(directory), ByteBuffer.wrap(text.toString().getBytes(US_ASCII)));
    }
}
