package io.milena.console.search;

import java.util.Optional;

/** How far a scan of several partitions has come, one partition after the other in the order of their numbers: those before are done, those behind are not begun. As text {@code partition:offset}. */
public record ScanPosition(int partition, long offset) {
    /** Empty if the text is none. */
    public static Optional<ScanPosition> parse(String text) {
        int colon = text.indexOf(':');
        try {
            ScanPosition position = new ScanPosition(
                    Integer.parseInt(text.substring(0, Math.max(colon, 0))), Long.parseLong(text.substring(colon + 1)));
            return position.partition >= 0 && position.offset >= 0 ? Optional.of(position) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return partition + ":" + offset;
    }
}
