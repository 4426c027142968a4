using OptDsl.Checkpoints;
using OptDsl.Rules;
using Xunit;

namespace OptDsl.Runtime.Tests.Checkpoints;

/// <summary>Counts and levels, which an owner holds as whole numbers and a file as double.</summary>
public sealed class WholeNumberTests : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"optdsl-whole-{Guid.NewGuid():N}.safetensors");
    private readonly ParameterBuffer<float> parameters = new();
    private readonly Optimizer<float, Sgd> optimizer;

    public WholeNumberTests()
    {
        parameters.Add("w", [3]);
        optimizer = parameters.Optimize(new Sgd(0.1));
    }

    public void Dispose()
    {
        parameters.Dispose();
        File.Delete(path);
        File.Delete(path + ".previous");
    }

    [Fact]
    public void A_load_brings_them_back_in_their_own_type()
    {
        Save(companion => companion.AddWhole("x/counts", new long[] { 0, 9007199254740992, 7 }, 3));
        long[] counts = [1, 2, 3];
        Load(companion => companion.AddWhole("x/counts", counts, 3));
        Assert.Equal([0, 9007199254740992, 7], counts);
    }

    /// <summary>Truncated, each of these would go on as another count.</summary>
    [Theory]
    [InlineData(1.5)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(2147483648)]
    public void What_is_no_count_is_refused_and_nothing_is_changed(double other)
    {
        Save(companion => companion.Add("x/counts", new[] { 4, other }, 2));
        int[] counts = [1, 2];
        var thrown = Assert.Throws<CheckpointException>(() => Load(companion => companion.AddWhole("x/counts", counts, 2)));
        Assert.Contains("'x/counts'", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("at index 1, but must have whole numbers from 0 to 2147483647", thrown.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2], counts);
    }

    private void Save(Action<CheckpointCompanion> add)
        => optimizer.Save(path, With(add), TestContext.Current.CancellationToken);

    private void Load(Action<CheckpointCompanion> add) => optimizer.Load(path, With(add));

    private static CheckpointCompanion With(Action<CheckpointCompanion> add)
    {
        var companion = new CheckpointCompanion();
        add(companion);
        return companion;
    }
}
