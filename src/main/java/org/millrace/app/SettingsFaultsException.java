package org.millrace.app;

import java.util.List;

/**
 * The settings cannot be used; says all that is wrong at once, one line each, without any secret.
 */
public final class SettingsFaultsException extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient List<String> faults;

  SettingsFaultsException(List<String> faults) {
    super(String.join("\n", faults));
    this.faults = List.copyOf(faults);
  }

  /** {@code MILLRACE_HTTP_PORT (environment): is no port, 0 to 65535}. */
  public List<String> faults() {
    return faults;
  }
}
