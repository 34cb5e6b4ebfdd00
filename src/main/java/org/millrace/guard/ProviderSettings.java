package org.millrace.guard;

import java.net.URI;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The OpenID provider by which people log in at the console.
 *
 * @param issuer without a slash at the end; what it offers is read below it
 * @param client as which the console is registered there
 * @param roles which of its groups give which role here
 * @param nameClaim the claim of the ID token that names somebody
 * @param title as people know the provider
 */
public record ProviderSettings(
    URI issuer, Client client, Roles roles, String nameClaim, String title) {

  /** By which ID tokens may be signed; with a key that only the provider has. */
  static final Set<String> ALGORITHMS = TokenSettings.ALGORITHMS;

  /**
   * The console as the provider knows it.
   *
   * @param scopes that are asked for, {@code openid} among them
   */
  public record Client(String id, String secret, List<String> scopes) {
    public Client {
      scopes = List.copyOf(scopes);
    }

    /** Without the secret. */
    @Override
    public String toString() {
      return id;
    }
  }

  /**
   * Who gets which role.
   *
   * @param claim of the ID token that holds what somebody is at the provider; dots lead into claims
   *     that hold others
   * @param byValue the roles that a value of the claim gives
   */
  public record Roles(String claim, Map<String, Set<Role>> byValue) {
    public Roles {
      byValue = Map.copyOf(byValue);
    }

    /**
     * Reads {@code admin=hl7-admins; viewer=hl7-readers}: the role comes first, since names of
     * groups may hold any sign but a semicolon.
     *
     * @throws IllegalArgumentException with the end of a sentence that says what is wrong
     */
    public static Roles read(String claim, String text) {
      Map<String, Set<Role>> byValue = new LinkedHashMap<>();
      for (String each : text.split(";", -1)) {
        int equals = each.indexOf('=');
        String value = equals < 0 ? "" : each.substring(equals + 1).strip();
        if (value.isEmpty()) {
          throw new IllegalArgumentException(
              "holds something that is not written ROLE=VALUE; semicolons stand between");
        }
        Role role =
            Role.read(each.substring(0, equals).strip())
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "names a role that is none of viewer, operator, analyst, admin"));
        byValue.computeIfAbsent(value, any -> EnumSet.noneOf(Role.class)).add(role);
      }
      return new Roles(claim, byValue);
    }

    /** The roles that claims give; those that another one includes are left out. */
    Set<Role> of(Map<String, Object> claims) {
      Set<Role> given = EnumSet.noneOf(Role.class);
      values(claims).forEach(value -> given.addAll(byValue.getOrDefault(value, Set.of())));
      return given.stream()
          .filter(
              one ->
                  given.stream()
                      .noneMatch(other -> other != one && other.rights().containsAll(one.rights())))
          .collect(Collectors.toCollection(() -> EnumSet.noneOf(Role.class)));
    }

    /** Whether the claim is there at all. */
    boolean isIn(Map<String, Object> claims) {
      return !values(claims).isEmpty();
    }

    private List<String> values(Map<String, Object> claims) {
      return find(claims, claim).stream()
          .flatMap(one -> one instanceof Collection<?> many ? many.stream() : Stream.of(one))
          .filter(String.class::isInstance)
          .map(String.class::cast)
          .toList();
    }

    /** A claim by its whole name first: some providers have dots in names. */
    private static Optional<Object> find(Map<?, ?> claims, String name) {
      Object whole = claims.get(name);
      if (whole != null) {
        return Optional.of(whole);
      }
      for (int dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
        if (claims.get(name.substring(0, dot)) instanceof Map<?, ?> inner) {
          return find(inner, name.substring(dot + 1));
        }
      }
      return Optional.empty();
    }
  }
}
