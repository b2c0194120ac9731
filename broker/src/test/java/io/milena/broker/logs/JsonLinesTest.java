package io.milena.broker.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class JsonLinesTest {
    private static LogRecord record(Level level, String message, Object... values) {
        LogRecord record = new LogRecord(level, message);
        record.setLoggerName("io.milena.log.Segment");
        record.setInstant(Instant.parse("2026-01-02T03:04:05.006Z"));
        record.setParameters(values);
        return record;
    }

    @Test
    void aLineSaysWhenHowBadWhereAndWhat() {
        assertEquals(
                "{\"time\":\"2026-01-02T03:04:05.006Z\",\"level\":\"WARNING\",\"logger\":\"io.milena.log.Segment\","
                        + "\"message\":\"orders-1 is \\\"full\\\"\"}\n",
                new JsonLines().format(record(Level.WARNING, "{0} is \"full\"", "orders-1")));
        assertTrue(new JsonLines().format(record(Level.SEVERE, "x")).contains("\"level\":\"ERROR\""));
        assertTrue(new JsonLines().format(record(Level.FINE, "x")).contains("\"level\":\"DEBUG\""));
        assertTrue(new JsonLines().format(record(Level.FINER, "x")).contains("\"level\":\"TRACE\""));
    }

    @Test
    void whateverIsLoggedIsOneLine() {
        LogRecord record = record(Level.INFO, "a\nb\\c\u0001\ud83d\tü");
        record.setThrown(new IOException("the disk\nis gone"));
        String line = new JsonLines().format(record);
        assertEquals(line.length() - 1, line.indexOf('\n'));
        assertTrue(line.contains("\"message\":\"a\\nb\\\\c\\u0001\\ud83d\\tü\""), line);
        assertTrue(line.contains("\"error\":\"java.io.IOException: the disk\\nis gone\\n\\tat "), line);
        assertFalse(new JsonLines().format(record(Level.INFO, "x")).contains("error"));
    }

    @Test
    void allHandlersOfTheJvmWriteSoWhenItIsAskedFor() {
        Handler[] handlers = LogManager.getLogManager().getLogger("").getHandlers();
        List<Formatter> before =
                Arrays.stream(handlers).map(Handler::getFormatter).toList();
        try {
            JsonLines.use();
            assertTrue(handlers.length > 0);
            for (Handler handler : handlers) {
                assertInstanceOf(JsonLines.class, handler.getFormatter());
            }
        } finally {
            for (int i = 0; i < handlers.length; i++) {
                handlers[i].setFormatter(before.get(i));
            }
        }
    }
}
