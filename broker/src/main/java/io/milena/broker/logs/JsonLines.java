package io.milena.broker.logs;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/** A line for each thing that is logged, a JSON object of time, level, logger and message, and error with its stack where there is one. For the handlers of {@code java.util.logging}, to which {@code System.Logger} writes where nothing else is on the class path. Any thread. */
public final class JsonLines extends Formatter {
    private static final int FIRST_PRINTABLE = 0x20;

    /** All handlers of this JVM write so from now on. */
    public static void use() {
        JsonLines lines = new JsonLines();
        Arrays.stream(LogManager.getLogManager().getLogger("").getHandlers())
                .forEach(handler -> handler.setFormatter(lines));
    }

    @Override
    public String format(LogRecord record) {
        StringBuilder line = new StringBuilder("{");
        field("time", record.getInstant().toString(), line).append(',');
        field("level", level(record.getLevel()), line).append(',');
        field("logger", String.valueOf(record.getLoggerName()), line).append(',');
        field("message", String.valueOf(formatMessage(record)), line);
        String error = error(record.getThrown());
        if (error != null) {
            field("error", error, line.append(','));
        }
        return line.append("}\n").toString();
    }

    /** As {@code System.Logger} names it. */
    private static String level(Level level) {
        int value = level.intValue();
        if (value >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (value >= Level.WARNING.intValue()) {
            return "WARNING";
        }
        return value >= Level.INFO.intValue() ? "INFO" : value >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
    }

    private static @Nullable String error(@Nullable Throwable thrown) {
        if (thrown == null) {
            return null;
        }
        StringWriter stack = new StringWriter();
        thrown.printStackTrace(new PrintWriter(stack));
        return stack.toString();
    }

    private static StringBuilder field(String name, String value, StringBuilder line) {
        line.append('"').append(name).append("\":\"");
        for (int i = 0; i < value.length(); i++) {
            char each = value.charAt(i);
            switch (each) {
                case '"', '\\' -> line.append('\\').append(each);
                case '\n' -> line.append("\\n");
                case '\t' -> line.append("\\t");
                default -> {
                    if (each < FIRST_PRINTABLE || Character.isSurrogate(each)) {
                        line.append(String.format("\\u%04x", (int) each)); // half a pair would be no UTF-8
                    } else {
                        line.append(each);
                    }
                }
            }
        }
        return line.append('"');
    }
}
