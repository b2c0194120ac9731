package io.milena.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Columns of text below their titles: numbers to the right, and to the left the first, and the last where it is in words. */
final class Table {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();
    /** Of which kind the last column is. */
    private boolean endsInWords;

    Table(String... titles) {
        rows.add(List.of(titles));
    }

    Table row(Object... cells) {
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(
                    switch (cell) {
                        case Double number -> String.format(Locale.ROOT, "%,.1f", number);
                        case Number number -> String.format(Locale.ROOT, "%,d", number.longValue());
                        default -> cell.toString();
                    });
        }
        rows.add(row);
        endsInWords = !(cells[cells.length - 1] instanceof Number);
        return this;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int at = column;
                int width = rows.stream()
                        .mapToInt(each -> each.get(at).length())
                        .max()
                        .orElse(0);
                String pad = " ".repeat(width - row.get(column).length());
                boolean isLast = column == row.size() - 1;
                boolean isToTheLeft = column == 0 || (isLast && endsInWords);
                line.append(column == 0 ? "" : GAP)
                        .append(isToTheLeft ? row.get(column) + (isLast ? "" : pad) : pad + row.get(column));
            }
            lines.add(line.toString());
        }
        return lines;
    }
}
