package io.milena.console;

import io.milena.console.search.JsonPath;
import io.milena.console.search.RecordFilter;
import io.milena.console.search.RecordFilter.HeaderCondition;
import io.milena.console.search.TextCondition;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what a search is for: {@code key} and {@code value} say what occurs in them. */
final class Filters {
    private static final List<String> NAMES = List.of(
            "key", "value", "keyIs", "keyRegex", "valueRegex", "header", "json", "fromMs", "toMs", "ignoreCase");

    private Filters() {}

    /** What there may be in the query of a page that filters, besides what is its own. */
    static List<String> and(String... own) {
        return Stream.concat(Stream.of(own), NAMES.stream()).toList();
    }

    /** Where the conditions stand: in the query, or in a body. */
    interface Source {
        @Nullable
        String text(String name) throws BadRequest;

        long number(String name, long ifAbsent) throws BadRequest;

        boolean isOn(String name) throws BadRequest;
    }

    static RecordFilter of(Request request) throws BadRequest {
        return of(new Source() {
            @Override
            public @Nullable String text(String name) {
                return request.query(name);
            }

            @Override
            public long number(String name, long ifAbsent) throws BadRequest {
                return request.number(name, ifAbsent, 0, Long.MAX_VALUE);
            }

            @Override
            public boolean isOn(String name) throws BadRequest {
                return request.isOn(name);
            }
        });
    }

    static RecordFilter of(@Nullable Fields fields) throws BadRequest {
        if (fields == null) {
            return RecordFilter.ALL;
        }
        fields.only(NAMES.toArray(String[]::new));
        return of(new Source() {
            @Override
            public @Nullable String text(String name) throws BadRequest {
                String text = fields.text(name);
                return text == null || text.isEmpty() ? null : text;
            }

            @Override
            public long number(String name, long ifAbsent) throws BadRequest {
                return fields.number(name, ifAbsent, 0, Long.MAX_VALUE);
            }

            @Override
            public boolean isOn(String name) throws BadRequest {
                return fields.isOn(name);
            }
        });
    }

    private static RecordFilter of(Source source) throws BadRequest {
        boolean isCaseIgnored = source.isOn("ignoreCase");
        List<TextCondition> keys = new ArrayList<>();
        List<TextCondition> values = new ArrayList<>();
        String key = source.text("key");
        if (key != null) {
            keys.add(TextCondition.contains(key, isCaseIgnored));
        }
        String keyIs = source.text("keyIs");
        if (keyIs != null) {
            keys.add(TextCondition.is(keyIs, isCaseIgnored));
        }
        addPattern("keyRegex", source, isCaseIgnored, keys);
        String value = source.text("value");
        if (value != null) {
            values.add(TextCondition.contains(value, isCaseIgnored));
        }
        addPattern("valueRegex", source, isCaseIgnored, values);
        String json = source.text("json");
        if (json != null) {
            try {
                values.add(TextCondition.hasAt(JsonPath.parse(json)));
            } catch (IllegalArgumentException e) {
                throw new BadRequest(400, "json: " + e.getMessage() + ".");
            }
        }
        return new RecordFilter(
                keys,
                values,
                headers(source.text("header"), isCaseIgnored),
                source.number("fromMs", Long.MIN_VALUE),
                source.number("toMs", Long.MAX_VALUE));
    }

    private static void addPattern(String name, Source source, boolean isCaseIgnored, List<TextCondition> conditions)
            throws BadRequest {
        String pattern = source.text(name);
        if (pattern != null) {
            try {
                int flags = isCaseIgnored ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0;
                conditions.add(TextCondition.matches(Pattern.compile(pattern, flags)));
            } catch (PatternSyntaxException e) {
                throw new BadRequest(400, name + " is no regular expression: " + e.getDescription() + ".");
            }
        }
    }

    /** {@code name}, or {@code name:text}. */
    private static List<HeaderCondition> headers(@Nullable String header, boolean isCaseIgnored) {
        if (header == null) {
            return List.of();
        }
        int colon = header.indexOf(':');
        return List.of(
                colon <= 0 || colon == header.length() - 1
                        ? new HeaderCondition(colon <= 0 ? header : header.substring(0, colon), null)
                        : new HeaderCondition(
                                header.substring(0, colon),
                                TextCondition.contains(header.substring(colon + 1), isCaseIgnored)));
    }
}
