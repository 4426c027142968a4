namespace OptDsl.Experiments;

/// <summary>All systems. To add one, add a line, and its claims to <see cref="Claims"/>.</summary>
internal static class Registry
{
    internal static readonly IReadOnlyList<VerificationSystem> All =
    [
        new S01_StochasticDescent(),
        new S02_RobbinsMonro(),
        new S03_PlainAverage(),
        new S04_CumulativeAverage(),
        new S05_WindowAverage(),
        new S06_PublishedCorrection(),
        new S07_MomentumForms(),
        new S08_RateAndMomentum(),
        new S09_BatchScaling(),
        new S10_RmsPropRoot(),
        new S11_RmsPropVariance(),
        new S12_PerExampleSquares(),
        new S13_SimplifiedAdam(),
        new S14_PublishedAdam(),
        new S15_Preconditioning(),
        new S16_WeightDecay(),
        new S18_BestBatch(),
        new S19_CompleteAlgorithm(),
        new S20_Concentration(),
        new S21_GradientFlow(),
        new S22_StandardSchedules(),
        new S23_LossByRate(),
        new S24_GrowingRate(),
        new S25_SnapshotEnsemble(),
        new S26_LogarithmicSchedule(),
        new S27_AcceleratedInterpolation(),
        new S28_ArmijoLineSearch(),
        new S29_PolyakStep(),
        new S29b_AdamLineSearch(),
        new S29c_GradientTransport(),
        new S30_RatioPenalty(),
        new S31_PathInvariance(),
        new S32_MatrixMeasures(),
        new S33_DeepFactorization(),
        new S34_SingularValueDynamics(),
        new S35_EndToEndPreconditioner(),
        new S35b_NoPotential(),
        new S35c_ImplicitAcceleration(),
        new S35d_ScalarOutputs(),
        new S35e_MinimumNorm(),
        new S36_NormsGrow(),
        new S37_CpFactorization(),
        new S38_HierarchicalFactorization(),
        new S39_SensingLosses(),
        new S39b_TensorPrediction(),
        new S40_ZeroFilledBaseline(),
        new S41_NuclearNormMinimization(),
        new S42_RankOfImages(),
        new S43_LangevinModel(),
        new S44_PreconditionedTemperature(),
        new S45_LangevinMonteCarlo(),
        new S46_SimulatedTempering(),
        new S47_MatrixManifold(),
        new S48_FlowAndDescent(),
        new S49_LeastCurvature(),
        new S50_ModifiedFlow(),
    ];

    /// <exception cref="InputException">There is no such system.</exception>
    internal static VerificationSystem Find(string id)
        => All.FirstOrDefault(system => string.Equals(system.Id, id, StringComparison.OrdinalIgnoreCase))
            ?? throw new InputException($"There is no system '{id}'; 'optdsl list' shows all.");
}
