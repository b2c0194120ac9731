package io.milena.embedded;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test class a broker: {@code @ExtendWith(MilenaExtension.class)} and a parameter of type {@link Milena} in a constructor, a lifecycle or a test
 * method. All of a class share one broker, started when the first asks and closed after the last test of the class.
 */
public final class MilenaExtension implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(MilenaExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Milena.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ExtensionContext ofClass = context;
        while (ofClass.getTestMethod().isPresent()) {
            ofClass = ofClass.getParent().orElseThrow();
        }
        // The store closes what is AutoCloseable when its context, the test class, ends.
        return ofClass.getStore(NAMESPACE).computeIfAbsent(Milena.class, type -> Milena.start(), Milena.class);
    }
}
