using OptDsl.Rules;
using OptDsl.Runtime.Tests.Passes;
using Xunit;

namespace OptDsl.Runtime.Tests.Optimizers;

/// <summary>What a function that evaluates the loss may do to buffer and optimizer in the middle of a step.</summary>
public sealed class CallbackTests : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"optdsl-callback-{Guid.NewGuid():N}.safetensors");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, int, bool> Refused
    {
        get
        {
            var cases = new TheoryData<string, int, bool>();
            foreach (string action in Actions.Keys)
            {
                foreach (int evaluation in (int[])[0, 1])
                {
                    cases.Add(action, evaluation, true);
                    cases.Add(action, evaluation, false);
                }
            }

            return cases;
        }
    }

    private static Dictionary<string, Action<CallbackTests, Optimizer<double, Sharpness>>> Actions { get; } = new()
    {
        ["dispose"] = (_, optimizer) => optimizer.Parameters.Dispose(),
        ["dispose on another thread"] = (_, optimizer) => OnAnotherThread(optimizer.Parameters.Dispose),
        ["step"] = (_, optimizer) => optimizer.Step(() => 1, Token),
        ["step by declaration"] = (_, optimizer) => optimizer.StepReference(() => 1, Token),
        ["step on another thread"] = (_, optimizer) => OnAnotherThread(() => optimizer.Step(() => 1, Token)),
        ["step all tensors by another rule"] = (_, optimizer) => optimizer.Parameters.Optimize(new Sgd()).Step(Token),
        ["add"] = (_, optimizer) => optimizer.Parameters.Add("more", [3]),
        ["save"] = (test, optimizer) => optimizer.Save(test.path, Token),
        ["load"] = (test, optimizer) => optimizer.Load(test.path),
        ["import"] = (test, optimizer) => optimizer.Import(test.path),
        ["snapshot"] = (_, optimizer) => optimizer.Snapshot(),
        ["restore"] = (test, optimizer) => optimizer.Restore(test.snapshot!),
        ["read"] = (_, optimizer) => optimizer.Read(new double[optimizer.Parameters.Count]),
    };

    private OptimizerSnapshot<double>? snapshot;

    public void Dispose()
    {
        File.Delete(path);
        File.Delete(path + ".previous");
    }

    /// <summary>
    /// Released memory written to, a step within a step, or a state half of one step and half of another, shows in the bits after.
    /// </summary>
    [Theory]
    [MemberData(nameof(Refused))]
    public void What_would_meet_the_middle_of_a_step_is_refused_and_nothing_is_written(string action, int evaluation, bool byDeclaration)
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>(), other = Sample.Mixed<double>();
        Optimizer<double, Sharpness> optimizer = buffer.Optimize(new Sharpness()), calm = other.Optimize(new Sharpness());
        snapshot = optimizer.Snapshot();
        optimizer.Save(path, Token);
        optimizer.Step(() => Evaluate(buffer), Token);
        calm.Step(() => Evaluate(other), Token);
        double[] values = buffer.Values.ToArray(), velocity = optimizer.State["Velocity"].ToArray();
        int call = 0;
        double Act()
        {
            double loss = Evaluate(buffer);
            if (call++ == evaluation)
            {
                Actions[action](this, optimizer);
            }

            return loss;
        }

        InvalidOperationException thrown = Assert.ThrowsAny<InvalidOperationException>(() => byDeclaration
            ? optimizer.StepReference(Act, Token) : optimizer.Step(Act, Token));
        Assert.IsNotType<ObjectDisposedException>(thrown);
        Assert.False(string.IsNullOrWhiteSpace(thrown.Message));
        Assert.Equal(evaluation + 1, call);
        Assert.Equal(1, optimizer.StepCount);
        Sample.Same<double>(values, buffer.Values);
        Sample.Same(velocity, optimizer.State["Velocity"]);
        optimizer.Step(() => Evaluate(buffer), Token);
        calm.Step(() => Evaluate(other), Token);
        Sample.Same<double>(other.Values, buffer.Values);
        Sample.Same(calm.State["Velocity"], optimizer.State["Velocity"]);
    }

    /// <summary>What the reader did: the memory of a disposed buffer is collected while the step still writes there.</summary>
    [Fact]
    public void A_refusal_that_the_function_swallows_does_no_harm_either()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>(), other = Sample.Mixed<double>();
        Optimizer<double, Sharpness> optimizer = buffer.Optimize(new Sharpness()), calm = other.Optimize(new Sharpness());
        optimizer.Step(
            () =>
            {
                Assert.Throws<InvalidOperationException>(buffer.Dispose);
                Assert.Throws<InvalidOperationException>(() => optimizer.Step(() => 1, Token));
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return Evaluate(buffer);
            },
            Token);
        calm.Step(() => Evaluate(other), Token);
        Sample.Same<double>(other.Values, buffer.Values);
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => optimizer.Step(() => 1, Token));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    public void A_rule_assigned_before_anything_is_computed_holds_at_once_and_one_assigned_later_from_the_next_step(int evaluation,
        bool byDeclaration)
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>(), other = Sample.Mixed<double>();
        Optimizer<double, Sharpness> optimizer = buffer.Optimize(new Sharpness()), calm = other.Optimize(new Sharpness());
        var slower = new Sharpness(LearningRate: 0.01, Rho: 0.5);
        int call = 0;
        double Assign()
        {
            if (call++ == evaluation)
            {
                optimizer.Rule = slower;
                optimizer.Groups["y"].Rule = slower with { LearningRate = 0.02 };
            }

            return Evaluate(buffer);
        }

        for (int step = 0; step < 2; step++)
        {
            if (step == 1 || evaluation == 0)
            {
                calm.Rule = slower;
                calm.Groups["y"].Rule = slower with { LearningRate = 0.02 };
            }

            Assert.True(byDeclaration ? optimizer.StepReference(Assign, Token) : optimizer.Step(Assign, Token));
            calm.Step(() => Evaluate(other), Token);
            Sample.Same<double>(other.Values, buffer.Values);
        }
    }

    [Fact]
    public void Another_optimizer_of_other_tensors_can_step_within_an_evaluation()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>(), other = Sample.Mixed<double>();
        var threads = new OptimizerOptions { Threads = 2 };
        Optimizer<double, Sharpness> optimizer = buffer.Optimize(new Sharpness(), [buffer["a"]], threads),
            calm = other.Optimize(new Sharpness(), [other["a"]]);
        Optimizer<double, Momentum> within = buffer.Optimize(new Momentum(), [buffer["b"], buffer["d"]], threads),
            beside = other.Optimize(new Momentum(), [other["b"], other["d"]]);
        optimizer.Step(
            () =>
            {
                double loss = Evaluate(buffer);
                within.Step(Token);
                return loss;
            },
            Token);
        calm.Step(
            () =>
            {
                double loss = Evaluate(other);
                beside.Step(Token);
                return loss;
            },
            Token);
        Sample.Same<double>(other.Values, buffer.Values);
        Assert.Equal(2, within.StepCount);
    }

    [Fact]
    public void Inputs_and_observations_are_refused_at_another_point()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        Optimizer<double, Midpoints> optimizer = buffer.Optimize(new Midpoints());
        optimizer.Observing = true;
        optimizer.Step(() => Evaluate(buffer), Token);
        int call = 0;
        optimizer.Step(
            () =>
            {
                if (call++ > 0)
                {
                    Assert.Contains("GetObservation",
                        Assert.Throws<InvalidOperationException>(() => optimizer.GetObservation("Velocity")).Message,
                            StringComparison.Ordinal);
                    Assert.Contains("GetInput", Assert.Throws<InvalidOperationException>(() => optimizer.GetInput("mask").Length).Message,
                        StringComparison.Ordinal);
                    Assert.Contains("SetTensorInput",
                        Assert.Throws<InvalidOperationException>(() => optimizer.SetTensorInput("mask", buffer["a"], 1)).Message,
                            StringComparison.Ordinal);
                }

                return Evaluate(buffer);
            },
            Token);
        Assert.Equal(3, call);
    }

    /// <summary>The states that a first step begins with are no states of a step that was not made.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_first_step_that_fails_leaves_the_states_as_they_were_before_any(bool byDeclaration)
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>(), other = Sample.Mixed<double>();
        Optimizer<double, StartedAtPoint> optimizer = buffer.Optimize(new StartedAtPoint()), calm = other.Optimize(new StartedAtPoint());
        double[] values = buffer.Values.ToArray();
        int call = 0;
        double Fail() => call++ == 0 ? Evaluate(buffer) + 6 : throw new TimeoutException();
        Assert.Throws<TimeoutException>(() => byDeclaration ? optimizer.StepReference(Fail, Token) : optimizer.Step(Fail, Token));
        Assert.All(optimizer.State["Mean"].ToArray(), value => Assert.Equal(0, value));
        Assert.Equal(0, optimizer.Snapshot().GetUniformState("x", "Rounds"));
        Sample.Same<double>(values, buffer.Values);
        optimizer.Save(path, Token);
        calm.Save(path + ".previous", Token);
        Assert.Contains("\"loss\":\"0\"", File.ReadAllText(path), StringComparison.Ordinal);
        optimizer.Step(() => Evaluate(buffer), Token);
        calm.Step(() => Evaluate(other), Token);
        Sample.Same<double>(other.Values, buffer.Values);
    }

    /// <summary>Nobody waits for luck: the gate says that it is closing before the step has ended.</summary>
    [Fact]
    public void A_disposal_on_another_thread_waits_for_what_is_under_way()
    {
        var buffer = new ParameterBuffer<double>();
        Optimizer<double, Sgd> optimizer = BindOne(buffer);
        Assert.True(buffer.Gate.TryEnter(everything: true));
        var disposing = new Thread(buffer.Dispose);
        disposing.Start();
        SpinWait.SpinUntil(() => buffer.Gate.IsClosed);
        Assert.False(buffer.Gate.TryEnter(everything: true));
        Assert.Equal(5, buffer.Count);
        Assert.Equal(5, buffer.Values.Length);
        buffer.Gate.Leave(everything: true);
        disposing.Join();
        Assert.Throws<ObjectDisposedException>(() => buffer.Values.Length);
        Assert.Throws<ObjectDisposedException>(() => optimizer.Step(Token));
        buffer.Dispose();
    }

    /// <summary>One that waited for the step, and the step's function for it, would wait for ever.</summary>
    [Fact]
    public void A_disposal_that_waits_gives_up_where_a_function_begins()
    {
        using var buffer = new ParameterBuffer<double>();
        Optimizer<double, Sgd> optimizer = BindOne(buffer);
        Assert.True(buffer.Gate.TryEnter(everything: true));
        Exception? thrown = null;
        var disposing = new Thread(() => thrown = Record.Exception(buffer.Dispose));
        disposing.Start();
        SpinWait.SpinUntil(() => buffer.Gate.IsClosed);
        buffer.Gate.BeginCallback();
        disposing.Join();
        Assert.IsType<InvalidOperationException>(thrown);
        buffer.Gate.EndCallback();
        buffer.Gate.Leave(everything: true);
        Assert.True(optimizer.Step(Token));
    }

    [Fact]
    public void Disposal_beside_a_thread_that_steps_ends_in_a_refusal_by_name()
    {
        var buffer = new ParameterBuffer<double>();
        buffer.Add("a", [100_000]);
        Optimizer<double, Adam> optimizer = buffer.Optimize(new Adam(), new OptimizerOptions { Threads = 2 });
        Exception? thrown = null;
        using var begun = new ManualResetEventSlim();
        var stepping = new Thread(() => thrown = Record.Exception(StepForEver));
        stepping.Start();
        begun.Wait(Token);
        buffer.Dispose();
        stepping.Join();
        Assert.IsType<ObjectDisposedException>(thrown);

        void StepForEver()
        {
            while (optimizer.Step(CancellationToken.None))
            {
                begun.Set();
            }
        }
    }

    private static Optimizer<double, Sgd> BindOne(ParameterBuffer<double> buffer)
    {
        buffer.Add("a", [5]);
        return buffer.Optimize(new Sgd());
    }

    private static void OnAnotherThread(Action action)
    {
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Record.Exception(action));
        thread.Start();
        thread.Join();
        if (thrown is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(thrown);
        }
    }

    private static double Evaluate(ParameterBuffer<double> buffer)
    {
        for (int i = 0; i < buffer.Count; i++)
        {
            double x = buffer.Values[i];
            buffer.Gradients[i] = ((1 + (0.01 * i)) * x) + (0.4 * x * x * x);
        }

        return 1;
    }
}

/// <summary>States that begin otherwise than with zeros, and a gradient at another point.</summary>
[Optimizer]
internal sealed partial record StartedAtPoint(double LearningRate = 0.1)
{
    [Derived]
    double Ahead(double parameter, double gradient) => parameter - LearningRate * gradient;

    [State(Initial = 2.0)]
    static double Mean([GradientAt(nameof(Ahead))] double slope, double previousMean) => 0.5 * previousMean + slope;

    [State(Initial = 3.0)]
    static double Rounds(double previousRounds) => previousRounds + 1;

    [Update]
    double Update(double parameter, double mean, double rounds) => parameter - LearningRate * mean / rounds;
}
