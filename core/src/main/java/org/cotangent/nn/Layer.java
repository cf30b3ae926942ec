package org.cotangent.nn;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Removable;
import org.cotangent.Tensor;
import org.cotangent.Tensors;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.GradientException;
import org.cotangent.io.SafeTensors;

/**
 * A function of a tensor with named parameters, made of other such functions.
 *
 * <pre>{@code
 * final class Residual extends Layer {
 *   private final Layer inner = child("inner", new Linear(64, 64));
 *
 *   protected Tensor forward(Tensor x) {
 *     return x.add(inner.apply(x).gelu());
 *   }
 * }
 * }</pre>
 *
 * <p>A layer registers its parameters (tensors that are trained), buffers (tensors that are not) and children when it is made, and
 * reads the tensors back by name, since {@link #to(DType)} replaces them. Names of a tree are joined with dots: "0.weight". A
 * tensor or layer registered in several places is one: it is listed, moved and trained once.
 *
 * <p>A layer is a function, so transforms apply to it: {@code vmap(model)}.
 */
public abstract class Layer implements UnaryOperator<Tensor> {
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final Map<String, Tensor> buffers = new LinkedHashMap<>();
  private final Map<String, Layer> children = new LinkedHashMap<>();
  private final Hooks hooks = new Hooks();
  private boolean training = true;

  /** A layer without parameters or children as yet. */
  protected Layer() {}

  /** The result for {@code x}; called through {@link #apply}, which runs the hooks. */
  protected abstract Tensor forward(Tensor x);

  /** The result for {@code x}, with the hooks before and after it. */
  @Override
  public final Tensor apply(Tensor x) {
    return hooks.around(this, x, this::forward);
  }

  /**
   * The result for {@code x} with other tensors in the place of the named parameters and buffers; those not named keep theirs.
   * Gradients flow to the tensors given, so a model is a function of its parameters:
   * {@code grad(w -> loss(model.functionalCall(Map.of("weight", w), x)))}.
   *
   * @throws ArgumentException if a name is not in {@link #namedParameters} or {@link #namedBuffers}
   * @throws org.cotangent.errors.ShapeException if a shape differs
   */
  public final Tensor functionalCall(Map<String, Tensor> tensors, Tensor x) {
    return LayerState.substituting(this, tensors, () -> apply(x));
  }

  // ---- what it is made of

  /**
   * Registers a tensor to be trained; returns the parameter, a leaf that requires grad: the tensor itself if it is one already, else
   * a new one with its values.
   *
   * @throws ArgumentException if the name is taken, empty or has a dot
   * @throws GradientException if the tensor was computed from tensors that require grad, or holds integers
   */
  protected final Tensor parameter(String name, Tensor t) {
    free("parameter", name);
    if (!t.isLeaf()) {
      throw new GradientException("parameter: " + name + " was computed from tensors that require grad; detach() it first");
    }
    Tensor p = t.requiresGrad() ? t : t.detach().synchronize().requiresGrad_();
    parameters.put(name, p);
    return p;
  }

  /**
   * Registers a tensor that belongs to the state but is not trained, such as a running mean; returns it.
   *
   * @throws ArgumentException if the name is taken, empty or has a dot
   */
  protected final Tensor buffer(String name, Tensor t) {
    free("buffer", name);
    buffers.put(name, t);
    return t;
  }

  /**
   * Registers a layer that this one is made of; returns it.
   *
   * @throws ArgumentException if the name is taken, empty or has a dot, or if this layer is part of {@code layer}
   */
  protected final <L extends Layer> L child(String name, L layer) {
    free("child", name);
    if (layer.tree().contains(this)) {
      throw new ArgumentException("child: " + name + " contains the layer it would become a part of");
    }
    children.put(name, layer);
    return layer;
  }

  private void free(String what, String name) {
    if (name.isEmpty() || name.contains(".")) {
      throw new ArgumentException(what + ": \"" + name + "\" is no name; names are not empty and have no dots");
    }
    if (parameters.containsKey(name) || buffers.containsKey(name) || children.containsKey(name)) {
      throw new ArgumentException(what + ": \"" + name + "\" is taken in " + name() + "; names of parameters, buffers and children differ");
    }
  }

  /**
   * The parameter of this name, with dots for those of children: "0.weight".
   *
   * @throws ArgumentException if there is none
   */
  public final Tensor parameter(String name) {
    Tensor own = parameters.get(name);
    return own != null ? own : found("parameter", name, namedParameters());
  }

  /**
   * The buffer of this name, with dots for those of children.
   *
   * @throws ArgumentException if there is none
   */
  public final Tensor buffer(String name) {
    Tensor own = buffers.get(name);
    return own != null ? own : found("buffer", name, namedBuffers());
  }

  private Tensor found(String what, String name, Map<String, Tensor> all) {
    Tensor t = all.get(name);
    if (t == null) {
      throw new ArgumentException(what + ": " + name() + " has no \"" + name + "\"; it has " + all.keySet());
    }
    return t;
  }

  /** The parameters of the tree, each once, in the order of registration. */
  public final List<Tensor> parameters() {
    return List.copyOf(namedParameters().values());
  }

  /** The parameters of the tree by name, each once, in the order of registration. */
  public final Map<String, Tensor> namedParameters() {
    return once(l -> l.parameters);
  }

  /** The buffers of the tree by name, each once, in the order of registration. */
  public final Map<String, Tensor> namedBuffers() {
    return once(l -> l.buffers);
  }

  private Map<String, Tensor> once(java.util.function.Function<Layer, Map<String, Tensor>> kind) {
    var r = new LinkedHashMap<String, Tensor>();
    Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    collect("", kind, (name, t) -> {
      if (seen.add(t)) {
        r.put(name, t);
      }
    });
    return Collections.unmodifiableMap(r);
  }

  /** Passes every registration of the tree to {@code to}, those of one tensor in several places each. */
  private void collect(
      String prefix, java.util.function.Function<Layer, Map<String, Tensor>> kind, java.util.function.BiConsumer<String, Tensor> to) {
    kind.apply(this).forEach((name, t) -> to.accept(prefix + name, t));
    children.forEach((name, c) -> c.collect(prefix + name + ".", kind, to));
  }

  /** The layers that this one is directly made of, by name. */
  public final Map<String, Layer> children() {
    return Collections.unmodifiableMap(children);
  }

  /** This layer and all below it, each once, parents first. */
  public final List<Layer> tree() {
    Set<Layer> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    var r = new ArrayList<Layer>();
    visit(l -> {
      if (seen.add(l)) {
        r.add(l);
      }
    });
    return List.copyOf(r);
  }

  private void visit(Consumer<Layer> to) {
    to.accept(this);
    children.values().forEach(c -> c.visit(to));
  }

  /** Number of trained elements: those of the parameters that require grad. */
  public final long parameterCount() {
    return parameters().stream().filter(Tensor::requiresGrad).mapToLong(Tensor::size).sum();
  }

  // ---- modes

  /** Puts the tree into training mode, in which dropout drops; returns this. New layers are in it. */
  public final Layer train() {
    return training(true);
  }

  /** Puts the tree into evaluation mode; returns this. */
  public final Layer eval() {
    return training(false);
  }

  private Layer training(boolean on) {
    visit(l -> l.training = on);
    return this;
  }

  /** Whether this layer is in training mode. */
  public final boolean training() {
    return training;
  }

  /** Removes the gradients of all parameters. */
  public final void zeroGrad() {
    parameters().forEach(Tensor::zeroGrad);
  }

  /** Turns training of all parameters on or off; returns this. */
  public final Layer requiresGrad_(boolean on) {
    parameters().forEach(p -> p.requiresGrad_(on));
    return this;
  }

  /**
   * Moves parameters, buffers and gradients to a device; returns this. The tensors stay the same leaves, so an optimiser made before
   * goes on with them.
   *
   * @throws org.cotangent.errors.DeviceException if the device is not available; nothing has moved then
   */
  public final Layer to(Device device) {
    LayerState.move(this, device);
    return this;
  }

  /**
   * Converts floating parameters and buffers to another floating type; returns this. The converted parameters are new leaves without
   * gradients: make optimisers, and read {@link #parameters}, after it.
   *
   * @throws org.cotangent.errors.DTypeException if the type is not floating
   */
  public final Layer to(DType dtype) {
    Map<Tensor, Tensor> by = LayerState.converted(this, dtype);
    visit(l -> {
      l.parameters.replaceAll((name, t) -> by.getOrDefault(t, t));
      l.buffers.replaceAll((name, t) -> by.getOrDefault(t, t));
    });
    return this;
  }

  // ---- hooks

  /** A function of a layer's input before it is used. */
  @FunctionalInterface
  public interface PreHook {
    /** What {@code layer} uses in the place of {@code x}; x itself to leave it. */
    Tensor before(Layer layer, Tensor x);
  }

  /** A function of a layer's result. */
  @FunctionalInterface
  public interface ForwardHook {
    /** What {@code layer} returns for {@code x} in the place of {@code y}; y itself to leave it. */
    Tensor after(Layer layer, Tensor x, Tensor y);
  }

  /** An observer of a layer's gradients. */
  @FunctionalInterface
  public interface BackwardHook {
    /**
     * Called in a backward pass once the gradients that passed through {@code layer} are complete.
     *
     * @param inputBar the gradient of the input by this use of it; empty if the input does not require grad
     * @param outputBar the gradient of the output
     */
    void observe(Layer layer, java.util.Optional<Tensor> inputBar, Tensor outputBar);
  }

  /** Calls {@code hook} before each {@link #apply}, after those registered earlier. */
  public final Removable forwardPreHook(PreHook hook) {
    return hooks.before(hook);
  }

  /** Calls {@code hook} after each {@link #apply}, after those registered earlier. */
  public final Removable forwardHook(ForwardHook hook) {
    return hooks.after(hook);
  }

  /** Calls {@code hook} in each backward pass through a result of {@link #apply}. */
  public final Removable fullBackwardHook(BackwardHook hook) {
    return hooks.backward(hook);
  }

  // ---- state

  /**
   * All parameters and buffers by name, without gradients. The tensors are a snapshot: later steps of an optimiser do not change
   * them, and they outlive memory scopes opened since the layer was made.
   */
  public final Map<String, Tensor> stateDict() {
    var r = new LinkedHashMap<String, Tensor>();
    state().forEach((name, t) -> r.put(name, Tensors.snapshot(t)));
    return r;
  }

  /** The tensors behind {@link #stateDict}. */
  final Map<String, Tensor> state() {
    var r = new LinkedHashMap<String, Tensor>();
    collect("", l -> {
      var own = new LinkedHashMap<String, Tensor>(l.parameters);
      own.putAll(l.buffers);
      return own;
    }, r::put);
    return r;
  }

  /**
   * Sets all parameters and buffers from a map as {@link #stateDict} gives it; values are copied, and converted between floating
   * types and devices. Everything is checked before anything changes.
   *
   * @throws ArgumentException if names are missing or unexpected
   * @throws org.cotangent.errors.ShapeException if shapes differ
   * @throws org.cotangent.errors.DTypeException if one holds integers and the other does not
   */
  public final void loadState(Map<String, Tensor> state) {
    LayerState.load(this, state);
  }

  /** Writes {@link #stateDict} to a safetensors file. */
  public final void save(Path file) {
    SafeTensors.save(file, stateDict());
  }

  /**
   * Reads a safetensors file that {@link #save} wrote; see {@link #loadState}.
   *
   * @throws org.cotangent.errors.FileFormatException if the file is not of this format
   */
  public final void load(Path file) {
    loadState(SafeTensors.load(file));
  }

  // ---- text

  /** What stands before the parentheses of the printed layer: the class's simple name. */
  protected String name() {
    String own = getClass().getSimpleName();
    return own.isEmpty() ? getClass().getSuperclass().getSimpleName() : own;
  }

  /** What stands first within the parentheses of the printed layer: its settings. */
  protected String settings() {
    return "";
  }

  /** The tree as PyTorch prints modules, {@code Linear(in_features=10, out_features=64, bias=True)}; children on lines of their own. */
  @Override
  public final String toString() {
    if (children.isEmpty()) {
      return name() + "(" + settings() + ")";
    }
    var s = new StringBuilder(name()).append("(\n");
    if (!settings().isEmpty()) {
      s.append("  ").append(settings()).append('\n');
    }
    children.forEach((name, c) -> s.append("  (").append(name).append("): ").append(c.toString().replace("\n", "\n  ")).append('\n'));
    return s.append(')').toString();
  }
}
