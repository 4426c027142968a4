using OptDsl.Conformance.Tests.Rules;
using OptDsl.Rules;
using Xunit;

namespace OptDsl.Conformance.Tests.Torch;

/// <summary>Clipped steps are those of PyTorch's clip_grad_norm_ and clip_grad_value_ before SGD, over two tensors.</summary>
public class TorchClippingTests
{
    /// <summary>Catches a norm of each tensor where that of both is due, and an epsilon that is missing.</summary>
    [Fact]
    public void Follows_the_recorded_trajectories()
    {
        TorchRun[] runs = [.. TorchRun.All("clipping")];
        Assert.Equal(["value", "2.0", "2.0", "inf", "1.0"], runs.Select(run => run.Text("clip")));
        Replay(runs[0], limit => new ValueClip(0.1, limit));
        Replay(runs[1], limit => new ClippedSgd(0.1, limit));
        Replay(runs[2], limit => new ClippedSgd(0.1, limit));
        Replay(runs[3], limit => new GreatestClip(0.1, limit));
        Replay(runs[4], limit => new AbsoluteClip(0.1, limit));
    }

    private static void Replay<TRule>(TorchRun run, Func<double, TRule> create)
        where TRule : class, IUpdateRule<double>
    {
        foreach (bool declaration in (bool[])[false, true])
        {
            TorchReplay.Walk<double, TRule>(run, create(run.Limit), [20, 17], 1e-12, declaration, []);
        }
    }
}
